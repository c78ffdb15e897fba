"""What comes back: cash with the bank's reference, what a payment nets, what is given up; once each, never too much.

Lock order: the case, budget lines; a letter's number comes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, InvalidTransition, NotPermitted, Problem
from portal.domain.ledger import PostingKind
from portal.domain.money import allocate, figures
from portal.domain.periods import fiscal_year, korean_date
from portal.domain.permissions import Permission
from portal.domain.recoveries import (
    DUE,
    LIFECYCLE,
    MAX_REFERENCE,
    ChargeKind,
    Instalment,
    Receipt,
    ReceiptKind,
    RecoveryStatus,
)
from portal.domain.recovery_amounts import Charge, Owed, late_charges, next_due, split_back
from portal.models.ledger import BudgetLine
from portal.models.recoveries import Recovery, RecoveryCharge, RecoveryReceipt, RecoveryReceiptShare
from portal.queries import budget, fiscal_years, recoveries
from portal.services import ledger, recovery_letters, reservations, steps
from portal.services.recovery_drafts import charge_row, unit
from portal.storage.objects import Stores

_BACK = {
    ReceiptKind.CASH: PostingKind.FULFIL,
    ReceiptKind.NETTED: PostingKind.FULFIL,
    ReceiptKind.WRITTEN_OFF: PostingKind.WRITE_OFF,
}


def receive(
    session: Session, stores: Stores, recovery_id: int, command: Receipt, *, by: Actor, at: datetime
) -> RecoveryReceipt:
    """Money in. A late charge that has grown by then is added first; principal is paid off first, late charges last.

    Raises AlreadyDone for a bank reference that was recorded before, Incomplete for more than is owed (less what
    payments on their way are to net), InvalidTransition where nothing is awaited.
    """
    if not by.may(Permission.RECOVERY_RECEIVE):
        raise NotPermitted(Permission.RECOVERY_RECEIVE)
    recovery = recoveries.to_handle(session, recovery_id, by)
    if recovery.status not in DUE:
        raise InvalidTransition(f"recovery: money for one that is {recovery.status}")
    reference = _check(recovery, command, at)
    source_key = f"bank:{recovery.organisation_id}:{reference}"
    if session.scalar(select(RecoveryReceipt.id).where(RecoveryReceipt.source_key == source_key)) is not None:
        raise AlreadyDone(problems=[Problem("receipt_twice", "reference", reference)])
    charge_late(session, recovery, on=command.received_on)
    owes, parts = recoveries.owed_of(session, recovery), recoveries.left_of(session, recovery)
    free = owes.less(Owed(principal=sum(left.reserved for left in parts)))  # the rest comes back by netting
    pays = free.pay(command.amount)
    room = {left.part.id: left.won - left.reserved for left in parts}
    shares = split_back(pays.principal, {left.part.id: left.won for left in parts}, room) if pays.principal else {}
    return book(
        session, stores, recovery, ReceiptKind.CASH, pays, shares,
        source_key=source_key, reference=reference, received_on=command.received_on, by=by, at=at,
    )  # fmt: skip


def book(
    session: Session,
    stores: Stores,
    recovery: Recovery,
    kind: ReceiptKind,
    pays: Owed,
    shares: Mapping[int, int],
    *,
    source_key: str,
    reference: str,
    received_on: date,
    by: Actor,
    at: datetime,
    payment_id: int | None = None,
) -> RecoveryReceipt:
    """Writes a receipt, its principal by part, and the ledger; settles the case where nothing is left. `recovery` is
    locked by the caller. Raises Conflict where more would come back than was ordered.
    """
    _guard(session, recovery, pays.principal)
    receipt = RecoveryReceipt(
        recovery_id=recovery.id,
        kind=kind,
        source_key=source_key,
        amount=pays.total,
        principal=pays.principal,
        interest=pays.interest,
        surcharge=pays.surcharge,
        late=pays.late,
        reference=reference,
        payment_id=payment_id,
        received_on=received_on,
        recorded_by=by.user_id,
        recorded_at=at,
    )
    session.add(receipt)
    session.flush()
    rows = [
        RecoveryReceiptShare(receipt_id=receipt.id, part_id=part, amount=won) for part, won in shares.items() if won
    ]
    session.add_all(rows)
    session.flush()
    _post(session, recovery, receipt, shares, by=by, at=at)
    steps.write(session, LIFECYCLE.noun, recovery.id, f"receive_{kind}", by=by, at=at, note=figures(pays.total))
    if kind is ReceiptKind.WRITTEN_OFF:
        return receipt
    left = recoveries.owed_of(session, recovery).total
    if left and recovery.status is RecoveryStatus.IN_INSTALMENTS:
        schedule = [Instalment(each.due_on, each.amount) for each in recovery.instalments]
        recovery.due_on = next_due(schedule, left)
    if not left:
        steps.take(session, recovery, LIFECYCLE, "settle", by=by, at=at)
        if recovery.invoice_id is None:
            recovery_letters.issue_closed(session, stores, recovery, Owed(), by=by, at=at)
    return receipt


def charge_late(session: Session, recovery: Recovery, *, on: date) -> None:
    """Adds the late charge that has grown until a day."""
    session.add_all(charge_row(recovery, line, on) for line in late_until(session, recovery, on=on))
    session.flush()


def late_until(session: Session, recovery: Recovery, *, on: date) -> list[Charge]:
    """The late charge that has grown until a day and is not written down: on the surcharge still unpaid, by source."""
    if recovery.status not in DUE or recovery.due_on is None or on <= recovery.due_on:
        return []
    unpaid = recoveries.owed_of(session, recovery).surcharge
    rows = session.scalars(
        select(RecoveryCharge).where(RecoveryCharge.recovery_id == recovery.id).order_by(RecoveryCharge.id)
    ).all()
    ordered = Counter({row.source: row.amount for row in rows if row.kind is ChargeKind.SURCHARGE})
    if not unpaid or not ordered:
        return []
    before = {row.source: Decimal(row.percent) for row in rows if row.kind is ChargeKind.LATE}
    spread = dict(zip(ordered, allocate(unpaid, list(ordered.values())), strict=True))
    rates = data.recovery_rates_in_law()
    return late_charges(spread, before, due_on=recovery.due_on, on=on, rates=rates, unit=unit(on))


def _check(recovery: Recovery, command: Receipt, at: datetime) -> str:
    reference = " ".join(command.reference.split())
    wrong = []
    if not reference:
        wrong.append(Problem("required", "reference"))
    if len(reference) > MAX_REFERENCE:
        wrong.append(Problem("too_long", "reference"))
    if command.received_on > korean_date(at):
        wrong.append(Problem("date_in_future", "received_on"))
    if recovery.ordered_on is not None and command.received_on < recovery.ordered_on:
        wrong.append(Problem("receipt_before_order", "received_on", f"{recovery.ordered_on}"))
    if wrong:
        raise Incomplete(problems=wrong)
    return reference


def _guard(session: Session, recovery: Recovery, principal: int) -> None:
    """One conditional UPDATE: no more principal comes back than was demanded, whoever else is at it."""
    grown = Recovery.fulfilled + principal
    taken = session.execute(
        update(Recovery)
        .where(Recovery.id == recovery.id, grown <= Recovery.demanded)
        .values(fulfilled=grown)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # ty: ignore[missing-attribute]
        raise Conflict(problems=[Problem("receipt_over_owed", "amount", f"{recovery.demanded - recovery.fulfilled:,}")])
    session.refresh(recovery, ["fulfilled"])


def _post(
    session: Session,
    recovery: Recovery,
    receipt: RecoveryReceipt,
    shares: Mapping[int, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Principal alone moves the budget: the receivable, and (unless given up) what was paid, by the line's year."""
    lines = recoveries.lines_of(session, {part.payment_id for part in recovery.parts})
    of_part = {part.id: lines[part.payment_id, part.source] for part in recovery.parts}
    ledger.hold(session, budget.beside(session, {line.id for line in of_part.values()}))
    received: dict[PostingKind, Counter[int]] = {}
    for part_id, won in shares.items():
        line = of_part[part_id]
        kinds = [_BACK[receipt.kind]]
        if receipt.kind is not ReceiptKind.WRITTEN_OFF:
            late = _is_closed(session, line, korean_date(at))
            kinds.append(PostingKind.RECOVER_LATE if late else PostingKind.RECOVER)
        for kind in kinds:
            received.setdefault(kind, Counter())[line.id] += won
    for kind, amounts in received.items():
        ledger.post(
            session, kind, amounts,
            source_key=f"{kind}:receipt:{receipt.id}", by=by, at=at, application_id=recovery.application_id,
        )  # fmt: skip
    if PostingKind.RECOVER in received:
        reservations.fill(session, recovery.programme_id, by=by, at=at)


def _is_closed(session: Session, line: BudgetLine, on: date) -> bool:
    """Whether the line's year is over or closed, so that what comes back is income of a later year."""
    return line.fiscal_year < fiscal_year(on) or fiscal_years.closed(session, line.organisation_id, line.fiscal_year)
