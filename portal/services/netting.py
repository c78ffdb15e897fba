"""Netting (상계): what a merchant owes back is kept from the next payments of the same organisation and source.

An order is netted once its deadline has passed, or with the merchant's consent (지방보조금법 제33조, 보조금법 제32조).
What a merchant owes is kept from the merchant alone, what a firm owes from that firm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.money import Won
from portal.domain.periods import korean_date
from portal.domain.recoveries import ReceiptKind, RecoveryStatus
from portal.domain.recovery_amounts import Owed, net
from portal.models.payments import Payment, PaymentNetting, PaymentShare
from portal.models.recoveries import Recovery, RecoveryPart
from portal.queries import budget, nettings, recoveries
from portal.services import recovery_receipts
from portal.storage.objects import Stores

Payee = tuple[int | None, int | None]  # a merchant's id, or that of a firm's proposal
Awaited = dict[Payee, list[tuple[int, str, Won]]]  # payee -> (part id, source, won), the oldest order first


def awaited(session: Session, organisation_id: int, at: datetime) -> Awaited:
    """What the orders of each merchant and firm still await and may be netted now; the orders are locked."""
    found: Awaited = defaultdict(list)
    ids = nettings.open_to(session, organisation_id, korean_date(at))
    for recovery in recoveries.hold(session, ids):
        room = _room(session, recovery, korean_date(at))
        for left in recoveries.left_of(session, recovery):
            won = min(left.won - left.reserved, room)
            if won > 0:
                found[recovery.payee_key].append((left.part.id, left.part.source, won))
                room -= won
    return found


def _room(session: Session, recovery: Recovery, on: date) -> Won:
    """How much of an order may be netted: all of it, or in instalments without consent what is overdue."""
    owes = recoveries.owed_of(session, recovery).total
    if recovery.status is not RecoveryStatus.IN_INSTALMENTS or recovery.netting_agreed_at is not None:
        return owes
    return max(0, owes - sum(each.amount for each in recovery.instalments if each.due_on >= on))


def plan(payment: Payment, shares: Mapping[str, Won], payee: Payee, waiting: Awaited) -> None:
    """Sets what a payment moves and what it nets, whole and by source; `waiting` is less by that afterwards."""
    rows = waiting.get(payee, [])
    taken = net(shares, rows)
    by_source: dict[str, Won] = defaultdict(int)
    for part_id, source, _ in rows:
        by_source[source] += taken.get(part_id, 0)
    waiting[payee] = [(part_id, source, won - taken.get(part_id, 0)) for part_id, source, won in rows]
    payment.netted = sum(taken.values())
    payment.amount = sum(shares.values()) - payment.netted
    payment.shares = [
        PaymentShare(source=source, amount=won - by_source[source], netted=by_source[source])
        for source, won in shares.items()
    ]
    payment.nettings = [PaymentNetting(part_id=part_id, amount=won) for part_id, won in taken.items()]


def hold(session: Session, payments: Collection[Payment]) -> set[int]:
    """Locks the orders that payments net, before budget lines; the lines that get the netted money back."""
    parts = nettings.parts_of(session, [payment.id for payment in payments])
    recoveries.hold(session, {part.recovery_id for part in parts})
    lines = recoveries.lines_of(session, {part.payment_id for part in parts})
    return set(budget.beside(session, {line.id for line in lines.values()}))


def settle(session: Session, stores: Stores, payment: Payment, *, by: Actor, at: datetime) -> None:
    """The payment is done: what it netted has come back, in the orders and in the ledger."""
    by_recovery: dict[int, dict[int, Won]] = defaultdict(dict)
    for row in payment.nettings:
        part = session.get_one(RecoveryPart, row.part_id)
        by_recovery[part.recovery_id][part.id] = row.amount
    for recovery in recoveries.hold(session, by_recovery):
        shares = by_recovery[recovery.id]
        recovery_receipts.book(
            session, stores, recovery, ReceiptKind.NETTED, Owed(principal=sum(shares.values())), shares,
            source_key=f"netted:payment:{payment.id}:recovery:{recovery.id}",
            reference=payment.reference, received_on=payment.executed_on or korean_date(at),
            by=by, at=at, payment_id=payment.id,
        )  # fmt: skip
