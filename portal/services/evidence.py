"""Evidence from merchants: handing it in, reading its lines off, and putting them before a second official."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import data
from portal.domain import evidence_lines
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, Problem
from portal.domain.evidence import LIFECYCLE, MAX_REASON, EvidenceKind, SubmitEvidence, document_key, problems_in
from portal.domain.evidence_lines import EnteredLine, with_number
from portal.domain.links import LIFECYCLE as LINK_LIFECYCLE
from portal.domain.money import Won
from portal.domain.settlements import month_bounds
from portal.models.evidence import Evidence, EvidenceLine
from portal.models.links import PlatformLink
from portal.queries import evidence, former_support, merchants
from portal.services import steps
from portal.storage.objects import Store

_NAMES = tuple(each.name for each in fields(EnteredLine))


def submit(session: Session, store: Store, command: SubmitEvidence, *, by: Actor, at: datetime) -> Evidence:
    """Hands in a document. Raises Incomplete, NotFound for a place or office that is not the merchant's, AlreadyDone
    for a file handed in before for the same platform and month."""
    merchant = merchants.owned(session, command.merchant_id, by)
    at_office = {(place.merchant_id, place.organisation_id) for place in evidence.places_of(session, by)}
    if (merchant.id, command.organisation_id) not in at_office:
        raise NotFound(f"office {command.organisation_id}")
    wrong = problems_in(command, {code: each.kind for code, each in data.platform_catalogue().items()})
    if wrong:
        raise Incomplete(problems=wrong)
    stored = store.put(command.file.content)
    if evidence.handed_in(session, merchant.id, command.platform, command.period, stored.sha256) is not None:
        raise AlreadyDone(problems=[Problem("evidence_already_there", "file", command.file.filename[-60:])])
    made = Evidence(
        organisation_id=command.organisation_id,
        merchant_id=merchant.id,
        kind=command.kind,
        platform=command.platform,
        period=command.period,
        document_number=command.document_number,
        document_key=document_key(command.kind, command.platform, merchant.id, command.document_number),
        total=command.total,
        filename=command.file.filename,
        media_type=command.file.media_type,
        size=stored.size,
        sha256=stored.sha256,
        submitted_by=by.user_id,
        submitted_at=at,
    )
    steps.begin(session, made, LIFECYCLE, "submit", by=by, at=at)
    return made


def withdraw(session: Session, evidence_id: int, *, by: Actor, at: datetime) -> Evidence:
    """Takes back a document that no official has begun with."""
    found = evidence.owned(session, evidence_id, by)
    session.refresh(found, with_for_update=True)
    steps.take(session, found, LIFECYCLE, "withdraw", by=by, at=at)
    return found


def write(
    session: Session, evidence_id: int, lines: Sequence[EnteredLine], *, store_id: str = "", by: Actor, at: datetime
) -> Evidence:
    """Keeps what was read off the document so far, in place of what was kept before. Raises Incomplete by row.

    `store_id`: the merchant's store at the platform, empty for the one that is found. An own delivery counts for what
    the programme gives it (직접 배달 한 건), whatever was written.
    """
    found = evidence.to_handle(session, evidence_id, by)
    if won := worth_of_each(session, found):
        lines = evidence_lines.with_fee(lines, won)
    wrong = evidence_lines.problems_in(lines, found.period)
    if wrong:
        raise Incomplete(problems=wrong)
    if store_id and store_id not in stores_to_choose(session, found):
        raise Incomplete(problems=[Problem("unknown_choice", "store_id", store_id[:60])])
    steps.take(session, found, LIFECYCLE, "write", by=by, at=at, details={"lines": len(lines)})
    found.store_id = store_id
    found.lines.clear()
    session.flush()
    found.lines.extend(_row(number, line, found) for number, line in enumerate(lines, 1))
    session.flush()
    return found


def put_up(session: Session, evidence_id: int, *, by: Actor, at: datetime) -> Evidence:
    """Puts the lines before a second official, with the store that they are to count for.

    Raises Incomplete where nothing is to be accepted.
    """
    found = evidence.to_handle(session, evidence_id, by)
    if not [line for line in entered(found) if not line.not_accepted]:
        raise Incomplete(problems=[Problem("evidence_nothing_left")])
    steps.take(session, found, LIFECYCLE, "put_up", by=by, at=at)
    found.store_id = found.store_id or stores_to_choose(session, found)[0]
    if found.store_id == own_store(found) and not _proposed(session, found):
        _propose(session, found, by=by, at=at)
    session.flush()
    return found


def send_back(session: Session, evidence_id: int, *, note: str, by: Actor, at: datetime) -> Evidence:
    """Gives the lines back to be mended, with what is wrong with them."""
    return _with_reason(session, evidence_id, "send_back", note, by=by, at=at)


def refuse(session: Session, evidence_id: int, *, note: str, by: Actor, at: datetime) -> Evidence:
    """Refuses the document as a whole, with a reason that the merchant reads."""
    return _with_reason(session, evidence_id, "refuse", note, by=by, at=at)


def typed(found: Evidence) -> list[EnteredLine]:
    """The lines as they were read off."""
    return [_line(row) for row in found.lines]


def entered(found: Evidence) -> list[EnteredLine]:
    """The same, those without a number given one."""
    return [with_number(line, found.merchant_id) for line in typed(found)]


def stores_to_choose(session: Session, found: Evidence) -> list[str]:
    """The store ids under which the lines may be kept, the likeliest first: a linked store of the platform whose link
    covers the month, else the business number, which is the merchant's own."""
    start, end = month_bounds(found.period)
    linked = [
        link.store_id
        for link in evidence.stores_of(session, found.merchant_id)
        if link.platform == found.platform and link.valid_from < end and (link.valid_to or date.max) >= start
    ]
    return list(dict.fromkeys([*linked, own_store(found)]))


def own_store(found: Evidence) -> str:
    """What stands for a store id where no platform gave one; no platform writes its numbers like this."""
    return f"brn-{found.merchant.business_number}"


def _proposed(session: Session, found: Evidence) -> bool:
    return bool(evidence.living_links(session, found.merchant_id, found.platform, found.store_id))


def _propose(session: Session, found: Evidence, *, by: Actor, at: datetime) -> None:
    """The number is the business's own, so it holds from the day it opened; who confirms the lines confirms it too."""
    link = PlatformLink(
        merchant_id=found.merchant_id,
        platform=found.platform,
        store_id=found.store_id,
        valid_from=min(found.merchant.opened_on, month_bounds(found.period)[0]),
        proposed_at=at,
    )
    steps.begin(session, link, LINK_LIFECYCLE, "propose", by=by, at=at)


def worth_of_each(session: Session, found: Evidence) -> Won:
    """Won that each line of an own-delivery log counts for; 0 for other documents, and where no programme says so."""
    if found.kind is not EvidenceKind.OWN_DELIVERY:
        return 0
    return former_support.own_delivery(session, found.merchant_id, found.organisation_id)


def _with_reason(session: Session, evidence_id: int, action: str, note: str, *, by: Actor, at: datetime) -> Evidence:
    found = evidence.to_handle(session, evidence_id, by)
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    if len(note) > MAX_REASON:
        raise Incomplete(problems=[Problem("too_long", "note")])
    steps.take(session, found, LIFECYCLE, action, by=by, at=at, note=note.strip())
    return found


def _row(number: int, line: EnteredLine, found: Evidence) -> EvidenceLine:
    values = asdict(line) | {"ordered_at": line.ordered_at.isoformat(timespec="seconds")}
    values["channel"] = line.channel or data.platform_catalogue()[found.platform].channels[0]
    return EvidenceLine(row=number, **values)


def _line(row: EvidenceLine) -> EnteredLine:
    values: dict[str, Any] = {name: getattr(row, name) for name in _NAMES}
    values["ordered_at"] = datetime.fromisoformat(row.ordered_at)
    return EnteredLine(**values)
