"""The invariants of money that comes back (I14): at most what was paid and ordered, and what the ledger says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.ledger import PostingKind
from portal.domain.payments import PAID_OUT
from portal.domain.recoveries import DEMANDED, VOID, ChargeKind, ReceiptKind, RecoveryStatus
from portal.models.audit import AuditEvent
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.payments import Payment, PaymentNetting, PaymentShare
from portal.models.recoveries import (
    Recovery,
    RecoveryCharge,
    RecoveryPart,
    RecoveryReceipt,
    RecoveryReceiptShare,
)

_BACK = (PostingKind.RECOVER, PostingKind.RECOVER_LATE)
_DEMANDS = (PostingKind.DEMAND, PostingKind.FULFIL, PostingKind.WRITE_OFF, PostingKind.WITHDRAW)


def recoveries_within_payments(session: Session) -> Iterator[str]:
    """I14: all cases together ask of no source of a claim more back than it was paid, and only of what was paid.

    What the bank sent back is paid anew, less what it netted: an order stands meanwhile.
    """
    asked = session.execute(
        select(Payment.claim_id, RecoveryPart.source, func.sum(RecoveryPart.principal))
        .join(Recovery, Recovery.id == RecoveryPart.recovery_id)
        .join(Payment, Payment.id == RecoveryPart.payment_id)
        .where(Recovery.status.not_in(VOID))
        .group_by(Payment.claim_id, RecoveryPart.source)
        .order_by(Payment.claim_id, RecoveryPart.source)
    ).all()
    paid: dict[tuple[int, str], int] = defaultdict(int)
    last: dict[tuple[int, str], int] = defaultdict(int)
    for claim_id, source, won, netted in session.execute(
        select(Payment.claim_id, PaymentShare.source, PaymentShare.amount, PaymentShare.netted)
        .join(Payment, Payment.id == PaymentShare.payment_id)
        .where(Payment.status.in_(PAID_OUT))
        .order_by(Payment.id)
    ):
        paid[claim_id, source] += netted
        last[claim_id, source] = won
    for claim_id, source, won in asked:
        most = paid[claim_id, source] + last[claim_id, source]
        if won > most:
            yield f"claim {claim_id}: {won} asked back from {source}, paid {most}"


def receipts_within_orders(session: Session) -> Iterator[str]:
    """I14: of no kind does more come in than was ordered; a case is settled exactly where nothing is left; the guard
    equals the receipts; the principal of a receipt is that of its parts.
    """
    owed: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for recovery_id, kind, won in session.execute(
        select(RecoveryCharge.recovery_id, RecoveryCharge.kind, func.sum(RecoveryCharge.amount)).group_by(
            RecoveryCharge.recovery_id, RecoveryCharge.kind
        )
    ):
        owed[recovery_id][kind] = int(won)
    came: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kinds = (ChargeKind.PRINCIPAL, ChargeKind.INTEREST, ChargeKind.SURCHARGE, ChargeKind.LATE)
    for receipt in session.scalars(select(RecoveryReceipt).order_by(RecoveryReceipt.id)):
        for kind, won in zip(
            kinds, (receipt.principal, receipt.interest, receipt.surcharge, receipt.late), strict=True
        ):
            came[receipt.recovery_id][kind] += won
        if sum(share.amount for share in receipt.shares) != receipt.principal:
            yield f"receipt {receipt.id}: its parts do not come to its principal"
    for recovery in session.scalars(select(Recovery).order_by(Recovery.id)):
        of, has = owed[recovery.id], came[recovery.id]
        for kind in kinds:
            if has[kind] > of[kind]:
                yield f"recovery {recovery.id}: {has[kind]} {kind} came in of {of[kind]}"
        if (recovery.demanded, recovery.fulfilled) != (of[ChargeKind.PRINCIPAL], has[ChargeKind.PRINCIPAL]):
            yield f"recovery {recovery.id}: guard {recovery.fulfilled}/{recovery.demanded} is not the receipts'"
        over = recovery.ordered_on is not None and all(of[kind] == has[kind] for kind in kinds)
        if over != (recovery.status in (RecoveryStatus.SETTLED, RecoveryStatus.WRITTEN_OFF)):
            yield f"recovery {recovery.id} is {recovery.status}, owed {sum(of.values())}, came in {sum(has.values())}"


def recoveries_agree(session: Session) -> Iterator[str]:
    """I14: what is demanded, received, netted and given up stands in the ledger, source by source, and nothing else."""
    posted = {
        (key, source): int(won)
        for key, source, won in session.execute(
            select(LedgerEntry.source_key, BudgetLine.source, func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == LedgerEntry.id)
            .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
            .where(
                LedgerEntry.kind.in_((*_DEMANDS, *_BACK)),
            )
            .group_by(LedgerEntry.source_key, BudgetLine.source)
        )
    }
    yield from _differences(posted, _wanted(session))
    yield from _nettings_off(session)


def deciders_apart(session: Session) -> Iterator[str]:
    """I10: nobody orders back what they approved."""
    ordered, approved = AuditEvent.__table__.alias("ordered"), AuditEvent.__table__.alias("approved")
    odd = (
        select(ordered.c.record_id, approved.c.record_id)
        .join(RecoveryPart, RecoveryPart.recovery_id == ordered.c.record_id)
        .join(Payment, Payment.id == RecoveryPart.payment_id)
        .join(
            approved,
            (approved.c.record_id == Payment.claim_id) & (approved.c.person_id == ordered.c.person_id),
        )
        .where(
            ordered.c.noun == "recovery",
            ordered.c.action == "order",
            approved.c.noun == "claim",
            approved.c.action == "approve",
        )
        .distinct()
    )
    for recovery_id, claim_id in session.execute(odd):
        yield f"recovery {recovery_id} was ordered by a person who approved claim {claim_id}"


def _wanted(session: Session) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """(Keys of which the ledger has one, source, won) for every order and every receipt."""
    parts = session.execute(
        select(Recovery.id, Recovery.status, RecoveryPart.source, func.sum(RecoveryPart.principal))
        .join(RecoveryPart, RecoveryPart.recovery_id == Recovery.id)
        .where(Recovery.status.in_(DEMANDED))
        .group_by(Recovery.id, Recovery.status, RecoveryPart.source)
    )
    for recovery_id, status, source, won in parts:
        yield (f"demand:recovery:{recovery_id}",), source, int(won)
        if status == RecoveryStatus.WITHDRAWN:
            yield (f"withdraw:recovery:{recovery_id}",), source, int(won)
    shares = session.execute(
        select(RecoveryReceipt.id, RecoveryReceipt.kind, RecoveryPart.source, func.sum(RecoveryReceiptShare.amount))
        .join(RecoveryReceiptShare, RecoveryReceiptShare.receipt_id == RecoveryReceipt.id)
        .join(RecoveryPart, RecoveryPart.id == RecoveryReceiptShare.part_id)
        .group_by(RecoveryReceipt.id, RecoveryReceipt.kind, RecoveryPart.source)
    )
    for receipt_id, kind, source, won in shares:
        if kind is ReceiptKind.WRITTEN_OFF:
            yield (f"write_off:receipt:{receipt_id}",), source, int(won)
            continue
        yield (f"fulfil:receipt:{receipt_id}",), source, int(won)
        yield (f"recover:receipt:{receipt_id}", f"recover_late:receipt:{receipt_id}"), source, int(won)


def _differences(
    posted: dict[tuple[str, str], int], wanted: Iterator[tuple[tuple[str, ...], str, int]]
) -> Iterator[str]:
    for keys, source, won in wanted:
        in_ledger = sum(posted.pop((key, source), 0) for key in keys)
        if in_ledger != won:
            yield f"{keys[0]}: {won} of {source}, the ledger has {in_ledger}"
    yield from (f"{key}: {source} in the ledger, in no recovery" for key, source in posted)


def _nettings_off(session: Session) -> Iterator[str]:
    """A payment that was done, sent back since or not, has netted what it planned; any other has netted nothing."""
    planned = dict(
        session.execute(
            select(Payment.id, func.sum(PaymentNetting.amount))
            .join(PaymentNetting, PaymentNetting.payment_id == Payment.id)
            .where(Payment.status.in_(PAID_OUT))
            .group_by(Payment.id)
        ).all()
    )
    came = session.execute(
        select(RecoveryReceipt.payment_id, func.sum(RecoveryReceipt.amount))
        .where(RecoveryReceipt.kind == ReceiptKind.NETTED)
        .group_by(RecoveryReceipt.payment_id)
    )
    for payment_id, won in came:
        if planned.pop(payment_id, 0) != won:
            yield f"payment {payment_id}: netted {won}, planned otherwise"
    yield from (f"payment {payment_id}: planned to net {won}, netted nothing" for payment_id, won in planned.items())
