"""Looks up claims, what they rest on and what is left of a grant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, selectinload

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.payments import PaymentStatus
from portal.domain.periods import Month
from portal.models.account_changes import AccountChange
from portal.models.accounts import User
from portal.models.applications import Application, Decision
from portal.models.audit import AuditEvent
from portal.models.claims import AssessmentRun, Claim
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.models.programmes import Programme
from portal.queries.mandates import is_mine, mine

PAGE = 50
COUNTED = tuple(status for status in ClaimStatus if status is not ClaimStatus.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Grant:
    """An approved application as the claims see it: whose it is, and how much was granted (won)."""

    application_id: int
    merchant_id: int
    person_id: int
    queue_number: int
    amount: int
    accepted_at: datetime


def lock(session: Session, programme_id: int) -> None:
    """One at a time draws up or approves the claims of a programme: grants and months are compared with all others."""
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))


def last_run(session: Session, programme_id: int, period: str) -> int:
    """The number of the last assessment run of a programme's month, 0 before the first."""
    mine = (AssessmentRun.programme_id == programme_id, AssessmentRun.period == period)
    return session.scalar(select(func.max(AssessmentRun.id)).where(*mine)) or 0


def grants(session: Session, programme_id: int) -> list[Grant]:
    """Every approved application of a programme, in the order of acceptance."""
    rows = session.execute(
        select(
            Application.id,
            Application.merchant_id,
            User.person_id,
            Application.queue_number,
            Decision.amount,
            Application.submitted_at,
        )
        .join(Decision, Decision.application_id == Application.id)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Application.programme_id == programme_id, Application.status == ApplicationStatus.APPROVED)
        .order_by(Application.queue_number)
    )
    return [
        Grant(application_id, merchant_id, person_id, queue_number or 0, amount, accepted_at)
        for application_id, merchant_id, person_id, queue_number, amount, accepted_at in rows
        if accepted_at is not None  # approved applications were all submitted
    ]


def claimed(session: Session, programme_id: int) -> dict[int, int]:
    """Application id -> won already claimed from its grant, whatever became of the payment."""
    rows = session.execute(
        select(Claim.application_id, func.sum(Claim.payable))
        .where(Claim.programme_id == programme_id, Claim.status.in_(COUNTED))
        .group_by(Claim.application_id)
    )
    return {application_id: int(total) for application_id, total in rows}


def by_month(session: Session, programme_id: int) -> dict[tuple[Month, int], int]:
    """(Month, merchant id) -> won claimed, superseded claims left out."""
    rows = session.execute(
        select(Claim.period, Claim.merchant_id, func.sum(Claim.payable))
        .where(Claim.programme_id == programme_id, Claim.status.in_(COUNTED))
        .group_by(Claim.period, Claim.merchant_id)
    )
    return {(period, merchant_id): int(total) for period, merchant_id, total in rows}


def claimed_upto(session: Session, run: AssessmentRun) -> dict[int, int]:
    """Merchant id -> won claimed over all months when `run` had drawn up its claims, superseded ones left out."""
    rows = session.execute(
        select(Claim.merchant_id, func.sum(Claim.payable))
        .where(Claim.programme_id == run.programme_id, Claim.run_id <= run.id, Claim.status.in_(COUNTED))
        .group_by(Claim.merchant_id)
    )
    return {merchant_id: int(total) for merchant_id, total in rows}


def of_period(session: Session, programme_id: int, period: str) -> Sequence[Claim]:
    """The counting claims of a month, all revisions."""
    return session.scalars(
        select(Claim)
        .where(Claim.programme_id == programme_id, Claim.period == period, Claim.status.in_(COUNTED))
        .order_by(Claim.merchant_id, Claim.revision)
        .options(selectinload(Claim.parts))
    ).all()


def last_revisions(session: Session, programme_id: int, period: str) -> dict[int, int]:
    """Merchant id -> highest revision number used for the month, superseded ones included."""
    rows = session.execute(
        select(Claim.merchant_id, func.max(Claim.revision))
        .where(Claim.programme_id == programme_id, Claim.period == period)
        .group_by(Claim.merchant_id)
    )
    return dict(rows.all())


def waiting(session: Session, programme_id: int, status: ClaimStatus, *, period: str = "") -> Sequence[Claim]:
    """All claims in a status, of one month or all."""
    query = select(Claim).where(Claim.programme_id == programme_id, Claim.status == status)
    if period:
        query = query.where(Claim.period == period)
    return session.scalars(query.order_by(Claim.period, Claim.id)).all()


def failed_of_owner(session: Session, by: Actor) -> Sequence[Claim]:
    """The owner's claims that the bank could not pay, to an account that is still the same or that was refused."""
    query = select(Claim).join(Merchant, Merchant.id == Claim.merchant_id)
    corrected = select(AccountChange.id).where(
        AccountChange.merchant_id == Claim.merchant_id,
        AccountChange.changed_at >= _last_failure(),
        AccountChange.refused_at.is_(None),
    )
    last = select(Payment.status).where(Payment.claim_id == Claim.id).order_by(Payment.id.desc()).limit(1)
    query = query.where(
        mine(by),
        Claim.status == ClaimStatus.PAYMENT_FAILED,
        Claim.invoice_id.is_(None),  # that is a firm's account
        last.scalar_subquery() != PaymentStatus.VOIDED,  # the account is not to blame
    )
    return session.scalars(query.where(~corrected.exists()).order_by(Claim.id)).all()


def _last_failure() -> ScalarSelect[datetime]:
    """When the claim's payment failed last."""
    return (
        select(func.max(AuditEvent.at))
        .where(AuditEvent.noun == "claim", AuditEvent.record_id == Claim.id, AuditEvent.action.in_(("fail", "return")))
        .correlate(Claim)
        .scalar_subquery()
    )


def page(
    session: Session, by: Actor, programme: str, period: Month, *, status: ClaimStatus | None = None, after: int = 0
) -> Sequence[Claim]:
    """A page of the claims of one of the organisation's programmes in a month, in the order they were drawn up."""
    query = (
        select(Claim)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(
            Programme.organisation_id == by.organisation_id,
            Programme.code == programme,
            Claim.period == period,
            Claim.id > after,
        )
    )
    if status is not None:
        query = query.where(Claim.status == status)
    return session.scalars(query.order_by(Claim.id).limit(PAGE)).all()


def owned_by_person(session: Session, programme_id: int, person_id: int) -> set[int]:
    """Those of the programme's claims that are money of the person's own businesses, whichever account owns them."""
    return set(
        session.scalars(
            select(Claim.id)
            .join(Merchant, Merchant.id == Claim.merchant_id)
            .join(User, User.id == Merchant.owner_id)
            .where(Claim.programme_id == programme_id, User.person_id == person_id)
        )
    )


def of_owner(session: Session, by: Actor) -> Sequence[Claim]:
    """The counting claims of the businesses of one owner, newest month first."""
    return session.scalars(
        select(Claim)
        .join(Merchant, Merchant.id == Claim.merchant_id)
        .where(mine(by), Claim.status.in_(COUNTED))
        .order_by(Claim.period.desc(), Claim.revision)
    ).all()


def owned(session: Session, claim_id: int, by: Actor) -> Claim:
    """One claim of this owner's. Raises NotFound."""
    claim = session.get(Claim, claim_id)
    if claim is None or not is_mine(claim.merchant, by):
        raise NotFound(f"claim {claim_id}")
    return claim


def of_organisation(session: Session, claim_id: int, by: Actor) -> Claim:
    """One claim at the official's organisation. Raises NotFound."""
    claim = session.get(Claim, claim_id)
    if claim is None or claim.programme.organisation_id != by.organisation_id:
        raise NotFound(f"claim {claim_id}")
    return claim
