"""Looks up cases: applications as the officials of the programme's organisation see them, once they were submitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.domain.actors import Actor
from portal.domain.announcements import DocumentRequirement
from portal.domain.applications import ENTERED, LIFECYCLE
from portal.domain.errors import InvalidTransition, NotFound, NotPermitted, Problem
from portal.domain.funding import split
from portal.domain.lifecycle import REOPEN, persons_by_action
from portal.domain.periods import fiscal_year
from portal.domain.proxy_entries import keeps_back
from portal.domain.reviews import CheckItem, checklist
from portal.domain.snapshots import SnapshotKind
from portal.domain.supplements import refuse_request, withheld
from portal.domain.tracks import Track
from portal.models.accounts import Person, User
from portal.models.applications import Application, Decision, Document, Supplement
from portal.models.audit import AuditEvent
from portal.models.letters import Letter
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.representatives import Representative
from portal.models.signals import Signal
from portal.models.snapshots import Snapshot
from portal.queries import (
    applications,
    budget,
    duplicates,
    letters,
    mandates,
    programmes,
    proxy_entries,
    representatives,
    reservations,
    signals,
    snapshots,
    tags,
)
from portal.queries.audit import Happening, happening
from portal.queries.mandates import Standing
from portal.queries.reservations import Place
from portal.queries.tags import Mark

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Case:
    """All that stands on a case page. `amount` (won) is what approval commits or has committed, `parts` the same by
    source; `place`: where it stands in line, if money is kept at acceptance; `actions`: what the person asking may do
    now; `entry`: by which mandate it was entered in the merchant's place; `joint`: each joint representative, and
    whether they signed; `unseen`: nobody else has looked at the consent yet, or it was refused; `entered`: the person
    asking handed it in."""

    application: Application
    published: programmes.Published
    reviewer: str
    decision: Decision | None
    checklist: tuple[CheckItem, ...]
    documents: Sequence[Document]
    supplements: Sequence[Supplement]
    suspicions: Sequence[duplicates.Suspicion]
    signals: Sequence[Signal]
    timeline: Sequence[Happening]
    letters: Sequence[Letter]
    room: Sequence[budget.Room]
    place: Place | None
    amount: int
    parts: Mapping[str, int]
    actions: Sequence[str]
    registers: Mapping[SnapshotKind, Snapshot | None]
    entry: Standing | None
    joint: Sequence[tuple[Representative, bool]]
    unseen: Problem | None
    entered: bool
    tags: Sequence[Mark]

    @property
    def recommendation(self) -> dict[str, Any]:
        """The recommendation that was sent back, to start the next one from."""
        if self.decision is None:
            return {"checklist": []}
        found = self.decision
        return {"checklist": found.checklist, "outcome": found.proposed, "reasons": found.reasons}

    @property
    def proposed_reasons(self) -> str:
        """The reviewer's reasons, where the proposal was to reject."""
        return self.decision.reasons if self.decision and self.decision.proposed == "reject" else ""

    @property
    def papers(self) -> Sequence[DocumentRequirement]:
        """What was to be handed in."""
        return papers(self.application)

    @property
    def way(self) -> Track | None:
        """By which of the programme's ways it was applied for."""
        return applications.way(self.application)

    @property
    def said(self) -> list[tuple[str, str]]:
        """The programme's own questions, each with what was said."""
        return applications.said(self.application)

    @property
    def room_left(self) -> int:
        return sum(line.left for line in self.room)


def of_organisation(session: Session, application_id: int, by: Actor) -> Application:
    """One submitted application of the official's organisation. Raises NotFound for every other."""
    found = session.scalar(_visible(select(Application), by).where(Application.id == application_id))
    if found is None:
        raise NotFound(f"application {application_id}")
    return found


def to_handle(session: Session, application_id: int, by: Actor) -> Application:
    """The same, locked until the end of the transaction.

    Raises NotPermitted where it is the official's own, or they entered it or may act in its merchant's place.
    """
    row = session.execute(
        _visible(select(Application, User.person_id, mandates.stands_in(by)), by)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Application.id == application_id)
        .with_for_update(of=Application, key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(f"application {application_id}")
    application, owner, stands_in_for_it = row
    if owner == by.person_id:
        raise NotPermitted("nobody handles their own application", [Problem("own_application")])
    if stands_in_for_it:
        raise NotPermitted("nobody handles what they entered", [Problem("stands_in")])
    return application


def checklist_of(session: Session, application: Application) -> tuple[CheckItem, ...]:
    """What is to be ticked off before this application can be recommended for approval."""
    return _checklist(application, _documents(session, application.id))


def decision_of(session: Session, application_id: int) -> Decision | None:
    """The recommendation or decision as it stands now, whatever this session read earlier."""
    return session.get(Decision, application_id, populate_existing=True)


def document(session: Session, application_id: int, document_id: int, by: Actor) -> Document:
    """A paper of a case. Raises NotFound."""
    found = session.scalar(
        _visible(select(Document).join(Application, Application.id == Document.application_id), by).where(
            Document.id == document_id, Document.application_id == application_id, Document.removed_at.is_(None)
        )
    )
    if found is None:
        raise NotFound(f"document {document_id}")
    return found


def case(session: Session, application_id: int, by: Actor, *, on: date, action: str | None = None) -> Case:
    """The case page in a constant number of statements. Raises NotFound.

    With `action`, also raises InvalidTransition, NotPermitted or SamePerson where this person may not take it now.
    """
    reviewer = aliased(User)
    row = session.execute(
        _visible(select(Application, Decision, Person.name, representatives.are_joint(), tags.marks_of_case()), by)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .outerjoin(reviewer, reviewer.id == Application.reviewer_id)
        .outerjoin(Person, Person.id == reviewer.person_id)
        .where(Application.id == application_id)
        .options(
            joinedload(Application.consents),
            joinedload(Application.answers),
            joinedload(Application.supplements).selectinload(Supplement.parts),
            joinedload(Application.extensions),
        )
    ).unique().first()  # fmt: skip
    if row is None:
        raise NotFound(f"application {application_id}")
    application, decision, reviewer_name, are_joint, marks = row
    published = programmes.read(application.version)
    documents = _documents(session, application_id)
    events = _events(session, application_id)
    done_by = persons_by_action((event.action, event.person_id) for event, _name in events)
    if action is not None:
        LIFECYCLE.check(LIFECYCLE.step(application.status, action), by, done_by)
    not_yet = withheld(application.asked_for, on)
    decided = decision is not None and decision.outcome is not None
    grant = published.announcement.grant
    amount = decision.amount if decided else grant.amount_for(application.requested_amount or 0)
    unseen = proxy_entries.in_the_way(session, application)
    place = reservations.place(session, application_id) if _may_wait(published, done_by) else None
    if place and not decided and place.reservation.reserved:
        amount = min(amount, place.reservation.reserved)
    return Case(
        application=application,
        published=published,
        reviewer=reviewer_name or "",
        decision=decision,
        checklist=_checklist(application, documents),
        documents=documents,
        supplements=application.supplements,
        suspicions=duplicates.suspicions(session, application, by),
        signals=signals.of_merchants(session, [application.merchant_id], by).get(application.merchant_id, ()),
        timeline=[happening(event, name) for event, name in events],
        letters=letters.of_application(session, application_id),
        room=budget.room(session, application.programme_id, fiscal_year(on)),
        place=place,
        amount=amount,
        parts=split(amount, published.terms.funding),
        actions=[
            each
            for each in LIFECYCLE.actions(application.status, by, done_by)
            if each not in not_yet and not keeps_back(unseen, each)
        ],
        registers=snapshots.of_merchant(session, application.merchant_id),
        entry=mandates.of_case(session, application),
        joint=representatives.with_signatures(session, application_id, application.merchant_id) if are_joint else (),
        unseen=unseen,
        entered=any(by.person_id in done_by.get(each, ()) for each in ENTERED),
        tags=tags.marks(marks),
    )


def _may_wait(published: programmes.Published, done_by: Collection[str]) -> bool:
    """Whether there can be a place in line: money is kept at acceptance, since a selection, or an objection granted."""
    rules = published.announcement
    return rules.call.first_come or rules.selection is not None or REOPEN in done_by


def for_step(session: Session, application_id: int, by: Actor, *actions: str, on: date, sent: bool) -> Case:
    """The case for the page on which one of these steps is taken; refused at once where none of them may be taken.

    Not once the form was `sent`: the service refuses then, and what was typed comes back with the reason.
    """
    found = case(session, application_id, by, on=on)
    if not sent and not set(actions) & set(found.actions):
        case(session, application_id, by, on=on, action=actions[0])
        raise InvalidTransition(f"{actions[0]} not now", _why(found, actions[0], on))
    return found


def _why(found: Case, action: str, on: date) -> list[Problem]:
    """What keeps a step back that the lifecycle allows."""
    if found.unseen is not None and keeps_back(found.unseen, action):
        return [found.unseen]
    try:
        refuse_request(found.application.asked_for, on)
    except InvalidTransition as refused:
        return list(refused.problems)
    return [Problem("return_too_early")]


def _visible(query: Query, by: Actor) -> Query:
    """Drafts are the merchant's own affair; other organisations' cases do not exist for this official."""
    return query.join(Programme, Programme.id == Application.programme_id).where(
        Programme.organisation_id == by.organisation_id, Application.submitted_at.is_not(None)
    )


def _documents(session: Session, application_id: int) -> Sequence[Document]:
    return session.scalars(
        select(Document)
        .where(Document.application_id == application_id, Document.removed_at.is_(None))
        .order_by(Document.id)
    ).all()


def _checklist(application: Application, documents: Sequence[Document]) -> tuple[CheckItem, ...]:
    required = papers(application)
    return checklist(required, {paper.code for paper in documents}, application.findings or ())


def papers(application: Application) -> tuple[DocumentRequirement, ...]:
    """The papers that its track and answers ask for."""
    return programmes.read(application.version).announcement.papers(application.track, application.answered)


def _events(session: Session, application_id: int) -> Sequence[Any]:
    return session.execute(
        select(AuditEvent, Person.name)
        .join(Person, Person.id == AuditEvent.person_id)
        .where(AuditEvent.noun == LIFECYCLE.noun, AuditEvent.record_id == application_id)
        .order_by(AuditEvent.id)
    ).all()
