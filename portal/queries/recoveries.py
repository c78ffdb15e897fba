"""Looks up recoveries for those who change them: locked, with what was paid, asked back and received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.announcements import SOURCES
from portal.domain.errors import NotFound, NotPermitted, Problem
from portal.domain.payments import ON_THE_WAY, PaymentStatus
from portal.domain.periods import Month, korean_date, month_of
from portal.domain.recoveries import LIVING, VOID
from portal.domain.recovery_amounts import Charge, Owed, PaidBack, owed
from portal.models.accounts import User
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.declarations import InterestDeclaration
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.merchants import Merchant
from portal.models.payments import Payment, PaymentNetting, PaymentShare
from portal.models.recoveries import (
    Recovery,
    RecoveryCharge,
    RecoveryPart,
    RecoveryReceipt,
    RecoveryReceiptShare,
)
from portal.queries.mandates import is_mine


@dataclass(frozen=True, slots=True)
class Left:
    """A part of an order with what of it has not come back; `reserved`: kept for a payment on its way."""

    part: RecoveryPart
    won: int
    reserved: int


def of_organisation(session: Session, recovery_id: int, by: Actor) -> Recovery:
    """One case of the official's organisation. Raises NotFound."""
    found = session.get(Recovery, recovery_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"recovery {recovery_id}")
    return found


def owned(session: Session, recovery_id: int, by: Actor) -> Recovery:
    """One that is about a business of this owner's, once it concerns them. Raises NotFound."""
    found = session.get(Recovery, recovery_id)
    if found is None or not is_mine(found.merchant, by) or not is_told(found):
        raise NotFound(f"recovery {recovery_id}")
    return found


def is_told(recovery: Recovery) -> bool:
    """Whether the merchant knows of it: told by the office, or told the office themselves."""
    return recovery.noticed_on is not None or recovery.opened_by == recovery.merchant.owner_id


def to_handle(session: Session, recovery_id: int, by: Actor) -> Recovery:
    """The case as it is now, locked until the transaction ends. Raises NotFound, NotPermitted where it is one's own, or
    one has declared an interest in its application."""
    interest = exists().where(
        InterestDeclaration.application_id == Recovery.application_id,
        InterestDeclaration.person_id == by.person_id,
        InterestDeclaration.has_interest,
    )
    row = session.execute(
        select(Recovery, User.person_id, interest)
        .join(Merchant, Merchant.id == Recovery.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Recovery.id == recovery_id, Recovery.organisation_id == by.organisation_id)
        .with_for_update(of=Recovery, key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(f"recovery {recovery_id}")
    recovery, owner, interested = row
    if owner == by.person_id:
        raise NotPermitted("nobody handles a recovery from their own business", [Problem("own_application")])
    if interested:
        raise NotPermitted("an interest was declared", [Problem("interest_declared")])
    return recovery


def to_answer(session: Session, recovery_id: int, by: Actor) -> Recovery:
    """One's own case as it is now, locked. Raises NotFound."""
    owned(session, recovery_id, by)
    return hold(session, [recovery_id])[0]


def hold(session: Session, recovery_ids: Collection[int]) -> Sequence[Recovery]:
    """Locks cases until the transaction ends, by id."""
    query = select(Recovery).where(Recovery.id.in_(recovery_ids)).order_by(Recovery.id)
    locked = query.with_for_update(of=Recovery, key_share=True).execution_options(populate_existing=True)
    return session.scalars(locked).all()


def living(session: Session, programme_id: int, merchant_id: int, period: Month) -> Recovery | None:
    """The case about this month that is not over."""
    return session.scalar(
        select(Recovery).where(
            Recovery.programme_id == programme_id,
            Recovery.merchant_id == merchant_id,
            Recovery.period == period,
            Recovery.status.in_(LIVING),
        )
    )


def paid_back(
    session: Session,
    programme_id: int,
    merchant_id: int,
    period: Month,
    *,
    apart_from: int = 0,
    invoice_id: int | None = None,
) -> list[PaidBack]:
    """The bank's payments of a merchant's month, newest first, with what no other case has asked back; of an invoice
    those to its firm, which are none to the merchant.

    What was asked back of a payment that the bank sent back later counts for the one that was made in its place.
    """
    asked: dict[tuple[int, str], int] = {
        (claim_id, source): int(won)
        for claim_id, source, won in session.execute(
            select(Payment.claim_id, RecoveryPart.source, func.sum(RecoveryPart.principal))
            .join(Recovery, Recovery.id == RecoveryPart.recovery_id)
            .join(Payment, Payment.id == RecoveryPart.payment_id)
            .where(
                Recovery.programme_id == programme_id,
                Recovery.merchant_id == merchant_id,
                Recovery.status.not_in(VOID),
                Recovery.id != apart_from,
            )
            .group_by(Payment.claim_id, RecoveryPart.source)
        )
    }
    rows = session.execute(
        select(Payment.id, Claim.id, Claim.drawn_up_at, PaymentShare.source, PaymentShare.amount + PaymentShare.netted)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(PaymentShare, PaymentShare.payment_id == Payment.id)
        .where(
            Claim.programme_id == programme_id,
            Claim.merchant_id == merchant_id,
            Claim.period == period,
            Claim.invoice_id == invoice_id,  # IS NULL where there is none
            Payment.status == PaymentStatus.DONE,
        )
        .order_by(Payment.id.desc())
    )
    shares: dict[tuple[int, int, Month], dict[str, int]] = defaultdict(dict)
    for payment_id, claim_id, drawn_up_at, source, won in rows:
        shares[payment_id, claim_id, month_of(korean_date(drawn_up_at))][source] = won
    found = []
    for (payment_id, claim_id, claimed), by_source in shares.items():
        of = _in_order(by_source)
        left = {source: max(0, won - asked.get((claim_id, source), 0)) for source, won in of.items()}
        found.append(PaidBack(payment_id, claimed, of, left))
    return found


def claim_of(session: Session, programme_id: int, merchant_id: int, period: Month) -> Claim | None:
    """The last claim of a merchant's month that was paid to the merchant."""
    query = (
        select(Claim)
        .join(Payment, Payment.claim_id == Claim.id)
        .where(
            Claim.programme_id == programme_id,
            Claim.merchant_id == merchant_id,
            Claim.period == period,
            Claim.invoice_id.is_(None),  # else a firm was paid
            Payment.status == PaymentStatus.DONE,
        )
    )
    return session.scalar(query.order_by(Claim.id.desc()).limit(1))


def approvers_of(session: Session, recovery: Recovery) -> set[int]:
    """The persons who approved a claim that is now asked back: none of them decides on the recovery (I10)."""
    return set(
        session.scalars(
            select(AuditEvent.person_id)
            .join(Payment, Payment.claim_id == AuditEvent.record_id)
            .join(RecoveryPart, RecoveryPart.payment_id == Payment.id)
            .where(
                AuditEvent.noun == "claim",
                AuditEvent.action == "approve",
                RecoveryPart.recovery_id == recovery.id,
            )
        )
    )


def lines_of(session: Session, payment_ids: Collection[int]) -> dict[tuple[int, str], BudgetLine]:
    """(Payment, source) -> the budget line that the ledger paid it from."""
    keys = {f"disburse:payment:{payment_id}": payment_id for payment_id in payment_ids}
    rows = session.execute(
        select(LedgerEntry.source_key, BudgetLine)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(LedgerEntry.source_key.in_(keys))
    )
    return {(keys[key], line.source): line for key, line in rows}


def left_of(session: Session, recovery: Recovery) -> list[Left]:
    """What each part of an order still awaits, and what of it payments on their way are to net."""
    received = _by_part(
        session,
        select(RecoveryReceiptShare.part_id, func.sum(RecoveryReceiptShare.amount))
        .join(RecoveryPart, RecoveryPart.id == RecoveryReceiptShare.part_id)
        .where(RecoveryPart.recovery_id == recovery.id)
        .group_by(RecoveryReceiptShare.part_id),
    )
    reserved = _by_part(
        session,
        select(PaymentNetting.part_id, func.sum(PaymentNetting.amount))
        .join(Payment, Payment.id == PaymentNetting.payment_id)
        .join(RecoveryPart, RecoveryPart.id == PaymentNetting.part_id)
        .where(RecoveryPart.recovery_id == recovery.id, Payment.status.in_(ON_THE_WAY))
        .group_by(PaymentNetting.part_id),
    )
    return [Left(part, part.principal - received[part.id], reserved[part.id]) for part in recovery.parts]


def owed_of(session: Session, recovery: Recovery) -> Owed:
    """What is owed now: the order and its late charges, less receipts of any kind."""
    sums = session.execute(
        select(
            func.coalesce(func.sum(RecoveryReceipt.principal), 0),
            func.coalesce(func.sum(RecoveryReceipt.interest), 0),
            func.coalesce(func.sum(RecoveryReceipt.surcharge), 0),
            func.coalesce(func.sum(RecoveryReceipt.late), 0),
        ).where(RecoveryReceipt.recovery_id == recovery.id)
    ).one()
    return owed(charges_of(session, recovery)).less(Owed(*map(int, sums)))


def charges_of(session: Session, recovery: Recovery) -> list[Charge]:
    """The lines as they were ordered, with late charges since."""
    rows = session.scalars(
        select(RecoveryCharge).where(RecoveryCharge.recovery_id == recovery.id).order_by(RecoveryCharge.id)
    )
    return [
        Charge(
            row.kind, row.source, row.amount, row.act, row.article, row.base,
            percent=row.percent, months=row.months, valid_from=row.valid_from, check=row.unverified,
        )
        for row in rows
    ]  # fmt: skip


def _in_order(by_source: dict[str, int]) -> dict[str, int]:
    """Sources as every document lists them: on ties the first gets the single won."""
    return dict(sorted(by_source.items(), key=lambda each: (SOURCES.index(each[0]) if each[0] in SOURCES else 9, each)))


def _by_part(session: Session, query: object) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for part_id, won in session.execute(query):  # ty: ignore
        found[part_id] = int(won)
    return found
