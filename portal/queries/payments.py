"""Looks up payment runs and payments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.payments import BankResultFile, Payment, PaymentRun


def runs(session: Session, by: Actor) -> Sequence[PaymentRun]:
    """The organisation's runs, newest first."""
    return session.scalars(
        select(PaymentRun).where(PaymentRun.organisation_id == by.organisation_id).order_by(PaymentRun.id.desc())
    ).all()


def run_of(session: Session, run_id: int, by: Actor) -> PaymentRun:
    """One run of the official's organisation, with its payments and their claims. Raises NotFound."""
    run = session.scalar(
        select(PaymentRun)
        .where(PaymentRun.id == run_id, PaymentRun.organisation_id == by.organisation_id)
        .options(selectinload(PaymentRun.payments).options(selectinload(Payment.shares), selectinload(Payment.claim)))
    )
    if run is None:
        raise NotFound(f"payment run {run_id}")
    return run


def persons_behind(session: Session, run: PaymentRun) -> set[int]:
    """The persons who drew up or approved a claim of this run: none of them releases it (invariant I10)."""
    in_run = select(Payment.claim_id).where(Payment.run_id == run.id)
    return set(
        session.scalars(
            select(AuditEvent.person_id)
            .where(
                AuditEvent.noun == "claim",
                AuditEvent.action.in_(("draw_up", "approve")),
                AuditEvent.record_id.in_(in_run),
            )
            .distinct()
        )
    )


def result_file(session: Session, run_id: int, sha256: str) -> BankResultFile | None:
    """The import of these very bytes for this run, if there was one."""
    return session.scalar(
        select(BankResultFile).where(BankResultFile.run_id == run_id, BankResultFile.sha256 == sha256)
    )


def of_owner(session: Session, by: Actor) -> Sequence[Payment]:
    """The payments to the businesses of one owner, newest first."""
    return session.scalars(
        select(Payment)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(Merchant, Merchant.id == Claim.merchant_id)
        .where(Merchant.owner_id == by.user_id)
        .order_by(Payment.id.desc())
    ).all()
