"""Looks up payment runs and payments for those who change them, and for those who are paid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.payments import LIVE, PaymentStatus, RunStatus
from portal.models.accounts import User
from portal.models.applications import Decision
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.payments import BankResultFile, Payment, PaymentRun
from portal.models.programmes import ProgrammeVersion
from portal.queries import programmes


def run_of(session: Session, run_id: int, by: Actor) -> PaymentRun:
    """One run of the official's organisation, with its payments and their claims. Raises NotFound."""
    return _found(session.scalar(_mine(run_id, by)), run_id)


def held(session: Session, run_id: int, by: Actor) -> PaymentRun:
    """The same as it is now, locked until the transaction ends."""
    query = _mine(run_id, by).with_for_update(of=PaymentRun, key_share=True)
    return _found(session.scalar(query.execution_options(populate_existing=True)), run_id)


def last_run_before(session: Session, run: PaymentRun) -> PaymentRun | None:
    """The programme's last run before this one that the bank was told of, with its payments."""
    payments = selectinload(PaymentRun.payments).joinedload(Payment.claim)
    return session.scalar(
        select(PaymentRun)
        .where(
            PaymentRun.programme_id == run.programme_id,
            PaymentRun.id < run.id,
            PaymentRun.status.in_((RunStatus.RELEASED, RunStatus.SETTLED)),
        )
        .order_by(PaymentRun.id.desc())
        .limit(1)
        .options(payments)
    )


def held_before(session: Session, run: PaymentRun) -> dict[int, str]:
    """Claim id -> why an earlier run held its payment back, for the claims of this run."""
    here = select(Payment.claim_id).where(Payment.run_id == run.id)
    rows = session.execute(
        select(Payment.claim_id, Payment.reason)
        .where(Payment.status == PaymentStatus.HELD, Payment.run_id < run.id, Payment.claim_id.in_(here))
        .order_by(Payment.id)
    )
    return {claim_id: reason or "" for claim_id, reason in rows}


def persons_behind(session: Session, run: PaymentRun) -> set[int]:
    """The persons who drew up or approved a claim of this run or whose money is in it: none releases it (I10)."""
    in_run = select(Payment.claim_id).where(Payment.run_id == run.id)
    return owners(session, run) | set(
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


def owners(session: Session, run: PaymentRun) -> set[int]:
    """The persons who own a business that this run pays."""
    return set(
        session.scalars(
            select(User.person_id)
            .join(Merchant, Merchant.owner_id == User.id)
            .join(Claim, Claim.merchant_id == Merchant.id)
            .join(Payment, Payment.claim_id == Claim.id)
            .where(Payment.run_id == run.id)
            .distinct()
        )
    )


def funding_of(session: Session, application_ids: Collection[int]) -> dict[int, Mapping[str, Decimal]]:
    """Application id -> funding shares of the terms under which its grant was decided and committed."""
    rows = session.execute(
        select(Decision.application_id, ProgrammeVersion)
        .join(ProgrammeVersion, ProgrammeVersion.id == Decision.version_id)
        .where(Decision.application_id.in_(application_ids))
    )
    return {application_id: programmes.read(version).terms.funding for application_id, version in rows}


def netted_before(session: Session, claim_ids: Collection[int]) -> dict[int, int]:
    """Claim id -> won that payments of it netted whose cash the bank sent back: these are not paid again."""
    rows = session.execute(
        select(Payment.claim_id, func.sum(Payment.netted))
        .where(Payment.claim_id.in_(claim_ids), Payment.status == PaymentStatus.RETURNED)
        .group_by(Payment.claim_id)
    )
    return {claim_id: int(won) for claim_id, won in rows}


def living_of(session: Session, claim_id: int) -> Payment | None:
    """The payment of a claim that is done or on its way."""
    return session.scalar(select(Payment).where(Payment.claim_id == claim_id, Payment.status.in_(LIVE)))


def result_file(session: Session, run_id: int, sha256: str) -> BankResultFile | None:
    """The import of these very bytes for this run, if there was one."""
    return session.scalar(
        select(BankResultFile).where(BankResultFile.run_id == run_id, BankResultFile.sha256 == sha256)
    )


def _mine(run_id: int, by: Actor) -> Select[PaymentRun]:
    payments = selectinload(PaymentRun.payments).options(selectinload(Payment.shares), joinedload(Payment.claim))
    return (
        select(PaymentRun)
        .where(PaymentRun.id == run_id, PaymentRun.organisation_id == by.organisation_id)
        .options(payments)
    )


def _found(run: PaymentRun | None, run_id: int) -> PaymentRun:
    if run is None:
        raise NotFound(f"payment run {run_id}")
    return run
