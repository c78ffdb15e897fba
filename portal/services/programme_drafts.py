"""Writing a programme by browser: begun from a template, a version or a file, saved section by section, handed over.

What is handed over becomes a proposed version, which another person publishes; a version is never edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.contradictions import Known
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, NotFound, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.programme_drafts import (
    LIFECYCLE,
    Document,
    DraftStatus,
    Section,
    fingerprint,
    part,
    parts,
    read,
    value_at,
    with_part,
    with_values,
    without_part,
    write,
)
from portal.domain.programme_imports import taken_in
from portal.models.accounts import Organisation
from portal.models.programme_drafts import ProgrammeDraft
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import programme_drafts
from portal.services import programmes, steps


def known(at: datetime) -> Known:
    """What the portal's data files know of platforms and lists of trades."""
    lists = {each.list for each in data.excluded_industries()}
    return Known(korean_date(at), data.platform_catalogue().keys(), lists)


def from_template(session: Session, name: str, *, by: Actor, at: datetime) -> ProgrammeDraft:
    """A new programme from a template of this name, as the person's own office would call it. Raises NotFound."""
    organisation = _organisation(session, by)
    template = data.programme_templates().get(name)
    if template is None:
        raise NotFound(f"template {name}")
    mine = {
        "code": _free(session, f"{organisation.code}-{korean_date(at).year}-{name}"),
        "call.organisation": organisation.code,
        "call.contact": {"unit": organisation.contact_unit, "name": by.name, "phone": organisation.contact_phone},
    }
    document = with_values(read(template), mine)
    for test in parts(document, Section.ELIGIBILITY):
        if test.get("kind") == "region":
            test["regions"] = _own_region(organisation.region_code)
    return _begin(session, document, f"template:{name}", by=by, at=at)


def from_version(session: Session, version_id: int, *, by: Actor, at: datetime) -> ProgrammeDraft:
    """An amendment of a programme: a copy of one of its versions. Raises NotFound."""
    version = session.get(ProgrammeVersion, version_id)
    if version is None or version.programme.organisation_id != _organisation(session, by).id:
        raise NotFound(f"programme version {version_id}")
    return _begin(session, read(version.text), f"version:{version.number}", version=version, by=by, at=at)


def from_file(
    session: Session, text: str, file: str, *, by: Actor, at: datetime
) -> tuple[ProgrammeDraft, list[Problem]]:
    """What stands in a file, to be gone on with, and what of it no box could hold and was left out.

    It amends the office's own programme where the code says so. Raises FileRefused where it is no TOML; whatever else
    is wrong with it is shown on the draft's page.
    """
    organisation = _organisation(session, by)
    document, left_out = taken_in(text)
    document = with_values(document, {"call.organisation": organisation.code})
    return _begin(session, document, f"file:{file}", by=by, at=at), left_out


def save(
    session: Session, draft_id: int, section: Section, values: Mapping[str, Any], *, was: str, by: Actor, at: datetime
) -> ProgrammeDraft:
    """Puts a section's values (by path; None takes away) into the draft. `was`: the fingerprint it was opened with.

    Raises Conflict where somebody saved the same section meanwhile, InvalidTransition where nobody may any more.
    """
    draft = _editing(session, draft_id, by)
    document = read(draft.text)
    _compare(fingerprint({path: found for path in values if (found := value_at(document, path)) is not None}), was)
    return _store(session, draft, with_values(document, values), section, by=by, at=at)


def save_part(
    session: Session,
    draft_id: int,
    section: Section,
    number: int | None,
    table: Document,
    *,
    was: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """Puts a part in place of the one of this number (from 1), or adds it; its number. Raises NotFound too."""
    draft = _editing(session, draft_id, by)
    document = read(draft.text)
    if number is not None:
        _compare(fingerprint(part(document, section, number)), was)
    changed = with_part(document, section, number, table)
    _store(session, draft, changed, section, by=by, at=at)
    return number or len(parts(changed, section))


def remove_part(session: Session, draft_id: int, section: Section, number: int, *, by: Actor, at: datetime) -> None:
    """Takes a part out. Raises NotFound where there is none of this number."""
    draft = _editing(session, draft_id, by)
    _store(session, draft, without_part(read(draft.text), section, number), section, by=by, at=at)


def hand_over(session: Session, draft_id: int, *, sure: bool, by: Actor, at: datetime) -> ProgrammeVersion:
    """Proposes the draft as the next version, for another person to publish. `sure`: what is to be confirmed, was.

    Raises Incomplete with what contradicts itself, or where nobody confirmed what is to be.
    """
    draft = _editing(session, draft_id, by)
    page = programme_drafts.page(session, draft_id, by, known(at))
    if page.blocking:
        raise Incomplete(problems=[remark.problem for remark in page.blocking])
    if page.to_confirm and not sure:
        raise Incomplete(problems=[Problem("confirmation_required", "sure")])
    text = write(with_values(page.document, {"version": _next_number(session, page.document)}))
    version = programmes.propose(session, text, by=by, at=at)
    draft.version_id, draft.programme_id, draft.text, draft.changed_at = version.id, version.programme_id, text, at
    steps.take(session, draft, LIFECYCLE, "hand_over", by=by, at=at, details={"version": version.number})
    return version


def discard(session: Session, draft_id: int, *, by: Actor, at: datetime) -> ProgrammeDraft:
    """Gives a draft up; it stays on record."""
    draft = _editing(session, draft_id, by)
    steps.take(session, draft, LIFECYCLE, "discard", by=by, at=at)
    return draft


def _organisation(session: Session, by: Actor) -> Organisation:
    if by.organisation_id is None or not by.may(Permission.PROGRAMME_PUBLISH):
        raise NotPermitted(Permission.PROGRAMME_PUBLISH)
    return session.get_one(Organisation, by.organisation_id)


def _own_region(code: str) -> list[dict[str, Any]]:
    """The office's region by the codes it had and has, each with its dates."""
    mine = [region for region in data.regions() if code == region.code or code in region.successors]
    rows = [{"code": region.code, "valid_from": region.valid_from, "valid_to": region.valid_to} for region in mine]
    return [{key: value for key, value in row.items() if value is not None} for row in rows] or [{"code": code}]


def _begin(
    session: Session,
    document: Document,
    source: str,
    *,
    version: ProgrammeVersion | None = None,
    by: Actor,
    at: datetime,
) -> ProgrammeDraft:
    mine = (Programme.code == str(document.get("code", "")), Programme.organisation_id == by.organisation_id)
    programme_id = version.programme_id if version else session.scalar(select(Programme.id).where(*mine))
    draft = ProgrammeDraft(
        organisation_id=by.organisation_id,
        programme_id=programme_id,
        base_version_id=version.id if version else None,
        source=source,
        text=write(document),
        started_at=at,
        changed_at=at,
    )
    steps.begin(session, draft, LIFECYCLE, "start", by=by, at=at)
    return draft


def _editing(session: Session, draft_id: int, by: Actor) -> ProgrammeDraft:
    """The draft, held until the transaction ends, so that two who save at once save one after the other."""
    _organisation(session, by)
    draft = programme_drafts.of_organisation(session, draft_id, by)
    session.refresh(draft, with_for_update={"key_share": True, "of": ProgrammeDraft})
    if draft.status is not DraftStatus.EDITING:
        raise InvalidTransition(f"programme draft {draft_id} is {draft.status}")
    return draft


def _compare(now: str, was: str) -> None:
    if now != was:
        raise Conflict(problems=[Problem("saved_by_another")])


def _store(
    session: Session, draft: ProgrammeDraft, document: Document, section: Section, *, by: Actor, at: datetime
) -> ProgrammeDraft:
    draft.text, draft.changed_at = write(document), at
    steps.write(session, LIFECYCLE.noun, draft.id, "edit", by=by, at=at, details={"section": section})
    return draft


def _next_number(session: Session, document: Document) -> int:
    last = select(func.max(ProgrammeVersion.number)).join(Programme).where(Programme.code == document.get("code"))
    return (session.scalar(last) or 0) + 1


def _free(session: Session, wanted: str) -> str:
    taken = set(session.scalars(select(Programme.code).where(Programme.code.startswith(wanted))))
    return next(code for n in range(1, len(taken) + 2) if (code := wanted if n == 1 else f"{wanted}-{n}") not in taken)
