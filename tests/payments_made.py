"""Looks at what payments did to records and money, for the tests of payments."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.claims import ClaimStatus
from portal.domain.payments import PaymentStatus
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.ledger import LedgerEntry
from portal.models.letters import Letter
from portal.models.payments import BankResultFile, Payment
from portal.queries import invariants, lifecycle_invariants
from portal.queries import ledger as postings

AMOUNTS = (123_450, 70_010, 300_000)


def paid_by_source(session: Session) -> dict[str, int]:
    return {balance.source: balance.paid for balance in postings.balances(session)}


def statuses(session: Session) -> tuple[list[ClaimStatus], list[PaymentStatus]]:
    return (
        list(session.scalars(select(Claim.status).order_by(Claim.id))),
        list(session.scalars(select(Payment.status).order_by(Payment.id))),
    )


def money_is_in_order(session: Session) -> list[str]:
    checks = (
        invariants.postings_follow_recipes,
        invariants.budget_lines_hold,
        invariants.commitments_match_decisions,
        invariants.one_living_payment,
        lifecycle_invariants.statuses_follow_audit,
        invariants.money_agrees,
        lifecycle_invariants.four_eyes_kept,
    )
    return [broken for check in checks for broken in check(session)]


def counted(session: Session) -> list[int | None]:
    tables = (AuditEvent, LedgerEntry, Letter, BankResultFile, Payment)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]
