"""The second official's word on evidence: what was told before stays out, the rest becomes an ordinary delivery."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Conflict, Incomplete, Problem
from portal.domain.evidence import LIFECYCLE
from portal.domain.evidence_lines import REFUSING, EnteredLine, Finding
from portal.domain.links import LinkStatus
from portal.domain.settlements import COLUMNS, DeliverSettlement
from portal.models.evidence import Evidence
from portal.queries import audit, evidence, settlements
from portal.services import links, steps
from portal.services.evidence import entered
from portal.services.evidence_cases import findings
from portal.services.settlements import deliver
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

_NAMES = tuple(column.name for column in COLUMNS)


def confirm(
    session: Session, stores: Stores, lines: LineStore, evidence_id: int, *, by: Actor, at: datetime
) -> Evidence:
    """Takes the lines in as a delivery with the document as its source.

    Raises SamePerson for whoever entered them, Conflict where the same document lies in another case, Incomplete where
    every line was told before.
    """
    found = evidence.to_handle(session, evidence_id, by)
    step = LIFECYCLE.step(found.status, "confirm")
    LIFECYCLE.check(step, by, audit.done_by(session, LIFECYCLE.noun, found.id))
    settlements.lock_deliveries(session, found.organisation_id)
    _refuse_twins(session, found)
    kept = _sort_out(found, findings(session, lines, found))
    _confirm_store(session, found, by=by, at=at)
    command = DeliverSettlement(
        found.platform, found.period, f"evidence-{found.id}.csv", io.BytesIO(_file_of(found, kept))
    )
    delivered = deliver(session, stores, lines, command, by=by, at=at)
    if delivered.again or delivered.delivery.accepted != len(kept):
        raise Conflict("the lines of the document could not be taken in as they are")
    found.delivery_id = delivered.delivery.id
    details = {"delivery": delivered.delivery.id, "accepted": len(kept), "lines": len(found.lines)}
    steps.take(session, found, LIFECYCLE, "confirm", by=by, at=at, details=details)
    return found


def _refuse_twins(session: Session, found: Evidence) -> None:
    """Any living twin stops it, confirmed or not: so two confirmations at once cannot each find the document free."""
    others = [twin for twin in evidence.twins(session, found) if not twin.same_case]
    if others:
        raise Conflict(problems=[Problem("evidence_same_document", value=others[0].organisation)])


def _sort_out(found: Evidence, said: Sequence[Sequence[Finding]]) -> list[EnteredLine]:
    """Writes down what refuses a line; the lines that are left. Raises Incomplete where none is."""
    kept = []
    for row, line, about in zip(found.lines, entered(found), said, strict=True):
        refusing = next((finding for finding in about if finding.told in REFUSING), None)
        if line.not_accepted:
            continue
        if refusing is None:
            kept.append(line)
            continue
        row.refusal, row.told_by = refusing.told, refusing.delivery_id or None
    if not kept:
        raise Incomplete(problems=[Problem("evidence_nothing_left")])
    return kept


def _confirm_store(session: Session, found: Evidence, *, by: Actor, at: datetime) -> None:
    """The link proposed with the lines. Raises Conflict where it was refused since: the lines would be nobody's."""
    living = evidence.living_links(session, found.merchant_id, found.platform, found.store_id)
    if not living:
        raise Conflict(problems=[Problem("evidence_store_unlinked", value=found.store_id)])
    for link in living:
        if link.status is LinkStatus.PROPOSED:
            links.confirm(session, link.id, by=by, at=at)


def _file_of(found: Evidence, lines: Sequence[EnteredLine]) -> bytes:
    """The lines in the contract's columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_NAMES)
    for line in lines:
        ours = {"platform": found.platform, "store_id": found.store_id}
        writer.writerow(ours[name] if name in ours else _cell(getattr(line, name)) for name in _NAMES)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    return value.isoformat(" ", timespec="seconds") if isinstance(value, datetime) else value
