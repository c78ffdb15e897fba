"""Looks up objections for those who change them, what a letter may be objected to for, and who took part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import NotFound, NotPermitted, Problem
from portal.domain.letters import LetterKind
from portal.domain.objections import OPEN, TOOK_PART, Against, Law, ObjectionStatus, Window, window_of
from portal.domain.periods import korean_date
from portal.domain.recoveries import DUE, RecoveryStatus
from portal.models.accounts import User
from portal.models.applications import Application, Decision
from portal.models.audit import AuditEvent
from portal.models.grant_changes import GrantChange
from portal.models.letters import Letter
from portal.models.merchants import Merchant
from portal.models.objections import Objection
from portal.models.recoveries import Recovery, RecoveryLetter
from portal.queries import letters, programmes, recoveries
from portal.queries.mandates import is_mine, stands_in

# The letters that tell of a decision on an application, what they are objected to as, and while it stands as what.
_OF_APPLICATIONS = {
    LetterKind.REJECTION: (Against.REJECTION, ApplicationStatus.REJECTED),
    LetterKind.RETURNED: (Against.RETURN, ApplicationStatus.RETURNED),
    LetterKind.DECISION: (Against.PARTIAL, ApplicationStatus.APPROVED),
    LetterKind.DECISION_CHANGED: (Against.PARTIAL, ApplicationStatus.APPROVED),
}
OF_APPLICATIONS = tuple(_OF_APPLICATIONS)
OBJECTIONABLE = (*OF_APPLICATIONS, LetterKind.RECOVERY_ORDER)


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision that may be objected to, with the letter that told of it. `at_stake`: won; `granted`: won of those
    that were granted, or that stay ordered back if nothing is upheld.
    """

    letter: Letter
    against: Against
    application: Application
    recovery: Recovery | None
    at_stake: int
    granted: int
    window: Window

    @property
    def notified_on(self) -> date:
        return korean_date(self.letter.issued_at)


def of_organisation(session: Session, objection_id: int, by: Actor) -> Objection:
    """One case of the official's organisation. Raises NotFound."""
    found = session.get(Objection, objection_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"objection {objection_id}")
    return found


def owned(session: Session, objection_id: int, by: Actor) -> Objection:
    """One's own. Raises NotFound."""
    found = session.get(Objection, objection_id)
    if found is None or not is_mine(found.merchant, by):
        raise NotFound(f"objection {objection_id}")
    return found


def to_handle(session: Session, objection_id: int, by: Actor) -> Objection:
    """The case as it is now, locked until the transaction ends.

    Raises NotFound, NotPermitted where it is one's own, or about what one entered or may act for.
    """
    row = session.execute(
        select(Objection, User.person_id, stands_in(by))
        .join(Application, Application.id == Objection.application_id)
        .join(Merchant, Merchant.id == Objection.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Objection.id == objection_id, Objection.organisation_id == by.organisation_id)
        .with_for_update(of=Objection, key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(f"objection {objection_id}")
    objection, owner, stands_in_for_it = row
    if owner == by.person_id:
        raise NotPermitted("nobody handles their own objection", [Problem("own_application")])
    if stands_in_for_it:
        raise NotPermitted("nobody handles what they entered", [Problem("stands_in")])
    return objection


def to_withdraw(session: Session, objection_id: int, by: Actor) -> Objection:
    """One's own as it is now, locked. Raises NotFound."""
    owned(session, objection_id, by)
    query = select(Objection).where(Objection.id == objection_id)
    held = query.with_for_update(of=Objection, key_share=True).execution_options(populate_existing=True)
    return session.scalars(held).one()


def of_letter(session: Session, letter_id: int) -> Objection | None:
    """The objection to the decision of a letter that was not withdrawn."""
    return session.scalar(
        select(Objection).where(Objection.letter_id == letter_id, Objection.status != ObjectionStatus.WITHDRAWN)
    )


def open_against(session: Session, recovery_id: int) -> str | None:
    """The number of the objection to an order that waits to be decided."""
    mine = Objection.recovery_id == recovery_id, Objection.status.in_(OPEN)
    return session.scalar(select(Objection.number).where(*mine))


def ground_of(session: Session, letter_id: int, by: Actor, law: Law) -> Ground | None:
    """What a letter to this owner may be objected to for, in time or not; None where it decided nothing that still
    stands. Raises NotFound for another's letter.
    """
    letter = letters.owned(session, letter_id, by)
    if letter.kind not in OBJECTIONABLE:
        return None
    if letter.kind is LetterKind.RECOVERY_ORDER:
        return _order(session, letter, law)
    return _decision(session, letter, law)


def persons_objected_to(session: Session, objection: Objection) -> set[int]:
    """Who took part in the decision: none of them handles the objection (보조금법 제37조, 민원처리법 제35조)."""
    if objection.recovery_id is not None:
        recovery = session.get_one(Recovery, objection.recovery_id)
        return _took_part(session, "recovery", [recovery.id]) | recoveries.approvers_of(session, recovery)
    changes = session.scalars(select(GrantChange.id).where(GrantChange.application_id == objection.application_id))
    return _took_part(session, "application", [objection.application_id]) | _took_part(
        session, "grant_change", list(changes)
    )


def _took_part(session: Session, noun: str, ids: Sequence[int]) -> set[int]:
    return set(
        session.scalars(
            select(AuditEvent.person_id).where(
                AuditEvent.noun == noun, AuditEvent.record_id.in_(ids), AuditEvent.action.in_(TOOK_PART[noun])
            )
        )
    )


def _decision(session: Session, letter: Letter, law: Law) -> Ground | None:
    """A rejection or a return that stands, or a grant of less than was asked for; told by the last letter about it."""
    application = session.get_one(Application, letter.application_id)
    against, status = _OF_APPLICATIONS[letter.kind]
    kinds = [kind for kind, (same, _status) in _OF_APPLICATIONS.items() if same is against]
    if application.status is not status or not _is_last(session, letter, kinds):
        return None
    announcement = programmes.read(application.version).announcement
    wanted = announcement.grant.amount_for(application.requested_amount or 0)
    decision = session.get(Decision, application.id)
    granted = decision.amount if decision is not None else 0
    if against is Against.PARTIAL and granted >= wanted:
        return None
    window = window_of([announcement.call.act], korean_date(letter.issued_at), law)
    return Ground(letter, against, application, None, wanted, granted, window)


def _order(session: Session, letter: Letter, law: Law) -> Ground | None:
    recovery = session.scalar(
        select(Recovery)
        .join(RecoveryLetter, RecoveryLetter.recovery_id == Recovery.id)
        .where(RecoveryLetter.letter_id == letter.id)
    )
    if recovery is None or recovery.status not in (*DUE, RecoveryStatus.SETTLED):
        return None
    application = session.get_one(Application, recovery.application_id)
    acts = list(dict.fromkeys(line.act for line in recoveries.charges_of(session, recovery)))
    window = window_of(acts, korean_date(letter.issued_at), law)
    return Ground(letter, Against.RECOVERY, application, recovery, recovery.demanded, 0, window)


def _is_last(session: Session, letter: Letter, kinds: Sequence[LetterKind]) -> bool:
    last = (
        select(Letter.id)
        .where(Letter.application_id == letter.application_id, Letter.kind.in_(kinds))
        .order_by(Letter.id.desc())
        .limit(1)
    )
    return session.scalar(last) == letter.id
