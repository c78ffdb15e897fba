"""Looks up orders to the bank, what the bank said of them, and where that does not fit together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.bank_orders import FLAGGED, TOLD, Outcome, Source, Verdict
from portal.domain.errors import NotFound
from portal.domain.payments import FINAL, PaymentStatus
from portal.models.audit import AuditEvent
from portal.models.bank_orders import BankMessage, BankOrder
from portal.models.payments import Payment, PaymentRun

FIRST = 20
_ENDS = {
    PaymentStatus.DONE: (Outcome.DONE,),
    PaymentStatus.REFUSED: (Outcome.REFUSED,),
    PaymentStatus.RETURNED: (Outcome.RETURNED,),
    PaymentStatus.ACCEPTED: (Outcome.ACCEPTED,),
    PaymentStatus.VOIDED: (Outcome.NEVER_HEARD,),
}


def due(session: Session, *, at: datetime, halted: Collection[int] = ()) -> BankOrder | None:
    """The order whose time came first and that no worker holds; locked, others' left out.

    Of the organisations `halted`, only those the bank is to be asked about.
    """
    query = select(BankOrder).where(*_free(at)).order_by(BankOrder.due_at, BankOrder.id).limit(1)
    if halted:
        theirs = select(Payment.id).join(PaymentRun).where(PaymentRun.organisation_id.in_(halted))
        query = query.where(or_(BankOrder.sent_at.is_not(None), BankOrder.payment_id.not_in(theirs)))
    return session.scalar(query.with_for_update(of=BankOrder, skip_locked=True))


def offices_to_send(session: Session, *, at: datetime) -> Sequence[int]:
    """The organisations that have an order due which has not left yet."""
    query = select(PaymentRun.organisation_id).join(Payment).join(BankOrder)
    query = query.where(*_free(at), BankOrder.sent_at.is_(None))
    return session.scalars(query.distinct().order_by(PaymentRun.organisation_id)).all()


def _free(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return BankOrder.due_at <= at, or_(BankOrder.held_until.is_(None), BankOrder.held_until < at)


def held(session: Session, order_id: int) -> BankOrder:
    """One order, its run locked before it until the transaction ends."""
    session.execute(
        select(PaymentRun.id)
        .join(Payment)
        .join(BankOrder)
        .where(BankOrder.id == order_id)
        .with_for_update(of=PaymentRun, key_share=True)
    )
    query = select(BankOrder).where(BankOrder.id == order_id).with_for_update(of=BankOrder)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def of_payment(session: Session, payment_id: int, by: Actor) -> BankOrder:
    """The order for a payment of the person's organisation. Raises NotFound."""
    found = session.scalar(
        select(BankOrder)
        .join(Payment)
        .join(PaymentRun)
        .where(Payment.id == payment_id, PaymentRun.organisation_id == by.organisation_id)
    )
    if found is None:
        raise NotFound(f"order of payment {payment_id}")
    return found


def told_of(session: Session, reference: str) -> tuple[Payment, BankOrder | None] | None:
    """The payment the bank knows under this reference, and its order where the portal itself was to send it."""
    row = session.execute(
        select(Payment, BankOrder)
        .outerjoin(BankOrder, BankOrder.payment_id == Payment.id)
        .where(Payment.reference == reference)
    ).first()
    return (row[0], row[1]) if row else None


def callback(session: Session, signature: str) -> BankMessage | None:
    """The callback that came with this signature before."""
    return session.scalar(select(BankMessage).where(BankMessage.signature == signature))


def run_is_over(session: Session, run_id: int) -> bool:
    """Whether no payment of the run waits for anything."""
    open_ = select(Payment.id).where(Payment.run_id == run_id, Payment.status.not_in(FINAL)).limit(1)
    return session.scalar(open_) is None


def orders_of(session: Session, run_id: int) -> dict[int, BankOrder]:
    """By payment id."""
    rows = session.scalars(select(BankOrder).join(Payment).where(Payment.run_id == run_id))
    return {order.payment_id: order for order in rows}


def flagged(session: Session, payment_ids: Collection[int]) -> Sequence[BankMessage]:
    """What the bank said of these payments that a person has to look at, newest first."""
    query = select(BankMessage).where(BankMessage.payment_id.in_(payment_ids), BankMessage.verdict.in_(FLAGGED))
    return session.scalars(query.order_by(BankMessage.id.desc())).all()


def orders_sent_once(session: Session) -> Iterator[str]:
    """I4: no payment left twice: between two sendings it was put back because nothing had left; one answer each."""
    sent, back = (
        select(AuditEvent.record_id, func.count().label("times"))
        .where(AuditEvent.noun == "payment", AuditEvent.action == action)
        .group_by(AuditEvent.record_id)
        .subquery(action)
        for action in ("send", "put_back")
    )
    twice = (
        select(sent.c.record_id)
        .outerjoin(back, back.c.record_id == sent.c.record_id)
        .where(sent.c.times - func.coalesce(back.c.times, 0) > 1)
    )
    yield from (f"payment {payment_id} was sent more than once" for payment_id in session.scalars(twice.limit(FIRST)))
    answered = (
        select(BankMessage.payment_id)
        .where(BankMessage.source == Source.ANSWER, BankMessage.outcome != Outcome.NOT_SENT)
        .group_by(BankMessage.payment_id)
        .having(func.count() > 1)
    )
    yield from (f"payment {payment_id}: several answers" for payment_id in session.scalars(answered.limit(FIRST)))


def ends_have_evidence(session: Session) -> Iterator[str]:
    """I5: an order ended as the bank said in answer to us, over our amount; a void only after "never heard of it"."""
    for status, outcomes in _ENDS.items():
        believed = (Verdict.KNOWN, Verdict.APPLIED)
        evidence = select(BankMessage.id).where(
            BankMessage.payment_id == Payment.id,
            BankMessage.outcome.in_(outcomes),
            BankMessage.verdict.in_(believed),
            BankMessage.source != Source.CALLBACK,
            or_(BankMessage.amount == Payment.amount, BankMessage.outcome == Outcome.NEVER_HEARD),
        )
        odd = select(Payment.id).join(BankOrder).where(Payment.status == status, ~evidence.exists())
        yield from (
            f"payment {found} is {status} without the bank's word" for found in session.scalars(odd.limit(FIRST))
        )
    unheard = select(BankOrder.payment_id).where(BankOrder.sent_at.is_not(None), BankOrder.due_at.is_(None))
    open_ = select(Payment.id).where(Payment.id.in_(unheard), Payment.status.not_in(FINAL))
    yield from (f"payment {found}: nobody asks the bank any more" for found in session.scalars(open_.limit(FIRST)))


def words_of(session: Session, payment_id: int) -> Sequence[BankMessage]:
    """All that the bank said of a payment, oldest first; silence left out."""
    query = select(BankMessage).where(BankMessage.payment_id == payment_id, BankMessage.outcome.in_(TOLD))
    return session.scalars(query.order_by(BankMessage.id)).all()
