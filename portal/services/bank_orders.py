"""Orders to the bank: taken up to be sent or asked about, settled by its answer, called in, voided.

Each order leaves once. A worker writes `sending` before it speaks to the bank, and what the bank answered only while it
still holds the order. Whatever remains open is asked about by our reference until the bank gives an answer that counts.

Lock order: the run, the order, budget lines; a letter's number comes last.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import case, literal, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.bank_orders import (
    LAST_LOOK,
    LEASE,
    Order,
    Outcome,
    Source,
    Told,
    Verdict,
    Word,
    judge,
    judge_callback,
    next_question,
)
from portal.domain.errors import InvalidTransition
from portal.domain.payments import FINAL, PAYMENT_LIFECYCLE, RUN_LIFECYCLE, PaymentStatus, RunStatus
from portal.models.accounts import User
from portal.models.bank_orders import BankMessage, BankOrder
from portal.models.payments import Payment
from portal.queries import accounts, bank_orders
from portal.services import payouts, steps, stops
from portal.storage.objects import Stores

LOST = "WORKER_LOST"  # reason where the worker that was sending fell silent
_SILENT = {Outcome.NO_ANSWER: "NO_ANSWER"}


def take_up(session: Session, *, at: datetime) -> Order | None:
    """The next order for this worker, held by a token of its own; None where nothing is due.

    What leaves the portal for the bank is written here first, and is sent only after this was committed. Where
    payments are stopped nothing is sent, and questions about what was sent go on.
    """
    halted = [office for office in bank_orders.offices_to_send(session, at=at) if stops.stopped(session, office)]
    found = bank_orders.due(session, at=at, halted=halted)
    if found is None:
        return None
    payment, by = found.payment, _payer(session, found.payment)
    if payment.status is PaymentStatus.SENDING:  # whoever was sending fell silent: it may have left, or not
        payouts.lost_sight_of(session, payment, payouts.Evidence(reason=LOST), by=by, at=at)
    unsent = payment.status is PaymentStatus.INSTRUCTED
    if unsent:
        steps.take(session, payment, PAYMENT_LIFECYCLE, "send", by=by, at=at)
        found.sent_at = at
    token = uuid.uuid4().hex
    found.token, found.held_until = token, at + LEASE
    session.flush()
    return Order(
        order_id=found.id,
        token=token,
        enquiry=not unsent,
        heard=found.heard,
        reference=payment.reference,
        amount=payment.amount,
        bank_code=payment.bank_code,
        account_number=payment.account_number,
        holder=payment.account_holder,
        memo=payment.claim.period,
    )


def settle(
    session: Session, stores: Stores, order: Order, word: Word, *, safe: timedelta, at: datetime
) -> Verdict | None:
    """Writes what the bank answered, where the order is still held by this worker; None where it is another's by now.

    `safe`: how long after the sending "never heard of it" is not yet believed.
    """
    found = bank_orders.held(session, order.order_id)
    if found.token != order.token:
        return None
    payment = found.payment
    verdict = judge(word, _told(payment))
    _write(session, payment, Source.ENQUIRY if order.enquiry else Source.ANSWER, word, verdict, at=at)
    if verdict is Verdict.APPLIED:
        _apply(session, stores, found, word, safe=safe, at=at)
    elif payment.status is PaymentStatus.SENDING:
        _unanswered(session, found, word, at=at)
    _let_go(session, found, order, answered=verdict is not Verdict.NOTED, at=at)
    return verdict


def set_aside(session: Session, order: Order, word: Word, *, at: datetime) -> None:
    """Writes a word that our own books refuse: a person has to look at it, and the bank is asked again."""
    found = bank_orders.held(session, order.order_id)
    if found.token != order.token:
        return
    _write(session, found.payment, Source.ENQUIRY if order.enquiry else Source.ANSWER, word, Verdict.UNBOOKED, at=at)
    if found.payment.status is PaymentStatus.SENDING:
        _unanswered(session, found, word, at=at)
    _let_go(session, found, order, answered=True, at=at)


def hear(session: Session, word: Word, signature: str, *, at: datetime) -> Verdict:
    """Writes what the bank called in. It moves no money: at most, the bank is asked. The same call counts once."""
    if bank_orders.callback(session, signature) is not None:
        return Verdict.KNOWN
    found = bank_orders.told_of(session, word.reference)
    payment, order = found or (None, None)
    verdict = judge_callback(word, _told(payment) if payment and order else None)
    try:
        with session.begin_nested():
            _write(session, payment, Source.CALLBACK, word, verdict, signature=signature, at=at)
    except IntegrityError:
        return Verdict.KNOWN
    if order is not None and order.sent_at is not None:
        soon = literal(at, BankOrder.due_at.type)
        session.execute(
            update(BankOrder)
            .where(BankOrder.id == order.id)
            .values(heard=BankOrder.heard + 1, due_at=case((BankOrder.token.is_(None), soon), else_=BankOrder.due_at))
            .execution_options(synchronize_session=False)
        )
    return verdict


def void(session: Session, payment_id: int, *, by: Actor, at: datetime, note: str) -> Payment:
    """Ends an attempt of which the bank, asked late enough, never heard. Raises InvalidTransition for any other."""
    found = bank_orders.held(session, bank_orders.of_payment(session, payment_id, by).id)
    if found.never_heard_at is None or found.token is not None:
        raise InvalidTransition(f"payment {payment_id}: void without the bank's word")
    payouts.void(session, found.payment, by=by, at=at, note=note)
    found.due_at, found.asked = at + LAST_LOOK, 0
    _end_run(session, found.payment, by=by, at=at)
    return found.payment


def _apply(session: Session, stores: Stores, order: BankOrder, word: Word, *, safe: timedelta, at: datetime) -> None:
    payment, by = order.payment, _payer(session, order.payment)
    said = payouts.Evidence(word.reason, word.bank_reference, word.executed_on)
    if word.outcome is Outcome.NEVER_HEARD:
        if order.sent_at is not None and at - order.sent_at >= safe:
            order.never_heard_at = order.never_heard_at or at
        return
    order.never_heard_at = None
    if word.outcome is Outcome.ACCEPTED:
        payouts.accepted(session, payment, by=by, at=at)
    elif word.outcome is Outcome.REFUSED:
        payouts.refused(session, payment, said, by=by, at=at)
    else:
        application_id = payment.claim.application_id
        lines = payouts.lines_for(session, [payment])[application_id]
        if payment.status is not PaymentStatus.DONE:
            payouts.done(session, stores, payment, replace(said, reason=""), lines, by=by, at=at)
        if word.outcome is Outcome.RETURNED:
            payouts.returned(session, stores, payment, said, by=by, at=at)
    order.asked = 0


def _unanswered(session: Session, order: BankOrder, word: Word, *, at: datetime) -> None:
    """It was being sent, and no answer came that counts; or nothing left the house, and it is sent later."""
    by = _payer(session, order.payment)
    if word.outcome is Outcome.NOT_SENT:
        steps.take(session, order.payment, PAYMENT_LIFECYCLE, "put_back", by=by, at=at, note="NOT_SENT")
        order.sent_at = None
    else:
        reason = _SILENT.get(word.outcome, "ANSWER_DIFFERS")
        payouts.lost_sight_of(session, order.payment, payouts.Evidence(reason=reason), by=by, at=at)


def _let_go(session: Session, order: BankOrder, held: Order, *, answered: bool, at: datetime) -> None:
    """When the bank is asked next: soon while open, once more after the end, at once where it called meanwhile."""
    over = order.payment.status in FINAL
    if order.heard != held.heard:
        order.due_at = at
    elif over and order.asked == 0:
        order.due_at = at + LAST_LOOK
    elif over and answered:
        order.due_at = None
    else:
        order.due_at = next_question(order.asked, at)
    order.asked += 1
    order.token = order.held_until = None
    session.flush()
    if over:
        _end_run(session, order.payment, by=_payer(session, order.payment), at=at)


def _end_run(session: Session, payment: Payment, *, by: Actor, at: datetime) -> None:
    run = payment.run
    session.flush()
    if run.status is RunStatus.RELEASED and bank_orders.run_is_over(session, run.id):
        steps.take(session, run, RUN_LIFECYCLE, "settle", by=by, at=at)


def _told(payment: Payment) -> Told:
    return Told(payment.status, payment.amount, payment.bank_code, payment.account_number)


def _payer(session: Session, payment: Payment) -> Actor:
    """Whoever released the run: in their name its payments are sent, whatever they may do by now."""
    released_by = session.get_one(User, payment.run.released_by)
    return replace(accounts.actor_of(released_by), roles=frozenset({Role.PAYER}))


def _write(
    session: Session,
    payment: Payment | None,
    source: Source,
    word: Word,
    verdict: Verdict,
    *,
    signature: str | None = None,
    at: datetime,
) -> None:
    session.add(
        BankMessage(
            payment_id=payment.id if payment else None,
            reference=(payment.reference if payment else word.reference)[:64],
            source=source,
            outcome=word.outcome,
            verdict=verdict,
            amount=word.amount,
            bank_reference=word.bank_reference[:64],
            reason=word.reason[:64],
            executed_on=word.executed_on,
            received_at=at,
            signature=signature,
        )
    )
    session.flush()
