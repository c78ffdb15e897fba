"""Looks up programmes being written: those of an office, one with all that its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.announcements import read_announcement
from portal.domain.contradictions import Known, Remark, remarks
from portal.domain.errors import FileRefused, NotFound, Problem
from portal.domain.programme_changes import ValueChange, value_changes
from portal.domain.programme_drafts import LIFECYCLE, Document, DraftStatus, read, value_at
from portal.domain.terms import parse_terms
from portal.models.programme_drafts import ProgrammeDraft
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import audit, programme_standing
from portal.queries.outlooks import Money, Outlook
from portal.queries.programmes import Published
from portal.queries.reservations import Line


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with its document; `before`: the version that it amends, `changes`: what it says otherwise.

    `remarks`: what is to be mended, and what to be confirmed.
    """

    draft: ProgrammeDraft
    document: Document
    remarks: Sequence[Remark]
    before: ProgrammeVersion | None
    changes: Sequence[ValueChange]
    timeline: Sequence[audit.Happening]
    actions: Sequence[str]

    @property
    def name(self) -> str:
        return str(self.document.get("name") or self.document.get("code") or "")

    @property
    def blocking(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.blocks]

    @property
    def to_confirm(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.blocks]


def of_organisation(session: Session, draft_id: int, by: Actor) -> ProgrammeDraft:
    """One of the office's drafts. Raises NotFound, for another's too."""
    draft = session.get(ProgrammeDraft, draft_id)
    if draft is None or by.organisation_id is None or draft.organisation_id != by.organisation_id:
        raise NotFound(f"programme draft {draft_id}")
    return draft


def rows(session: Session, by: Actor) -> list[ProgrammeDraft]:
    """The office's drafts that are being written, the one changed last first."""
    mine = (ProgrammeDraft.organisation_id == by.organisation_id, ProgrammeDraft.status == DraftStatus.EDITING)
    query = select(ProgrammeDraft).where(*mine).order_by(ProgrammeDraft.changed_at.desc(), ProgrammeDraft.id.desc())
    return list(session.scalars(query))


def page(session: Session, draft_id: int, by: Actor, known: Known) -> DraftPage:
    """One of the office's drafts with all that its page shows. Raises NotFound."""
    draft = of_organisation(session, draft_id, by)
    before = programme_standing.newest(session, draft.programme_id) if draft.programme_id else None
    changes = value_changes(before.text, draft.text) if before else []
    return DraftPage(
        draft=draft,
        document=read(draft.text),
        remarks=all_remarks(session, draft, before, changes, known),
        before=before,
        changes=changes,
        timeline=audit.timeline(session, LIFECYCLE.noun, draft.id),
        actions=LIFECYCLE.actions(draft.status, by, {}),
    )


def specimen(draft: ProgrammeDraft) -> Published | None:
    """The draft as a published programme is read, for those who look at it beforehand; None while it does not read."""
    try:
        terms, announcement = parse_terms(draft.text), read_announcement(draft.text)
    except FileRefused:
        return None
    programme = Programme(id=0, organisation_id=draft.organisation_id, code=terms.code, name=terms.name)
    version = ProgrammeVersion(id=0, number=terms.version, text=draft.text)
    return Published(programme, version, terms, announcement)


def outlook(found: Published, *, at: datetime) -> Outlook:
    """What its page says of money and time on the day it is published: nothing is spent, nobody waits."""
    total, call = found.announcement.budget_total, found.announcement.call
    years = [line.fiscal_year for line in found.announcement.budget]
    line = Line(reserved=0, reserved_won=0, waiting=0, waiting_won=0) if call.first_come else None
    return Outlook(Money(min(years), total, total, at), line, None, None, call.processing_days)


def all_remarks(
    session: Session,
    draft: ProgrammeDraft,
    before: ProgrammeVersion | None,
    changes: Sequence[ValueChange],
    known: Known,
) -> list[Remark]:
    """What is wrong with the text by itself, and with what stands already in the portal."""
    document = read(draft.text)
    found = [*remarks(draft.text, known), *_names(session, draft, document)]
    if before is None:
        return found
    if not changes:
        found.append(Remark(Problem("nothing_changed")))
    if draft.base_version_id not in (None, before.id):
        found.append(Remark(Problem("base_is_old", value=f"{before.number}"), blocks=False))
    return found + _standing(session, before.programme_id, document)


def _names(session: Session, draft: ProgrammeDraft, document: Document) -> list[Remark]:
    code, prefix = str(document.get("code", "")), str(value_at(document, "call.receipt_prefix") or "")
    found = []
    if draft.programme is None:
        if programme_standing.code_taken(session, code, but=None):
            found.append(Remark(Problem("code_taken", "code", code)))
    elif code != draft.programme.code:
        found.append(Remark(Problem("code_is_fixed", "code", draft.programme.code)))
    if programme_standing.prefix_taken(session, prefix, draft.organisation_id, but=draft.programme_id):
        found.append(Remark(Problem("prefix_taken", "call.receipt_prefix", prefix), blocks=False))
    return found


def _standing(session: Session, programme_id: int, document: Document) -> list[Remark]:
    """Read off the document as it is: a budget may be told from the rest of a text that does not read yet."""
    budget: dict[int, dict[str, int]] = {}
    for line in document.get("budget", ()):
        if isinstance(line.get("amount"), int):
            budget.setdefault(line.get("fiscal_year", 0), {})[str(line.get("source"))] = line["amount"]
    rule = str(value_at(document, "call.commitment") or "decision")
    problems = programme_standing.other_budget(session, programme_id, budget)
    problems += programme_standing.other_commitment(session, programme_id, rule)
    services = document.get("services")
    kinds = None if services is None else [str(each.get("code")) for each in services.get("kind", ())]
    problems += programme_standing.other_services(session, programme_id, kinds)
    found = list(map(Remark, problems))
    if waiting := programme_standing.open_cases(session, programme_id):
        found.append(Remark(Problem("applications_open", value=f"{waiting}"), blocks=False))
    return found
