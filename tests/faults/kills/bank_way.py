"""Steps of a payment that the portal itself tells the bank of: a corrected account, a run, its order and the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import bank_jobs, clock
from portal.domain.account_changes import CorrectAccount
from portal.domain.bank_orders import BankAccess, Order, Outcome
from portal.domain.claims import ClaimStatus
from portal.domain.payments import Channel, PaymentStatus
from portal.models.account_changes import AccountChange
from portal.models.bank_orders import BankOrder
from portal.models.claims import Claim
from portal.models.payments import Payment, PaymentRun
from portal.services import account_changes, bank_orders, payments
from portal.services.reconcile import Files
from tests.approved_claims import CODE
from tests.bank_words import word
from tests.factories import AT
from tests.faults.kills.workers import worker
from tests.faults.kills.workflows import PERIOD, Cast, Step, owner_of, person

SENT = AT + timedelta(hours=5)
SAFE = timedelta(hours=24)
RESTARTS = (timedelta(minutes=10), timedelta(days=2), timedelta(days=5))  # a worker is at work again, and again


def correct_account(session: Session, _files: Files, _cast: Cast) -> object:
    failed = _failed(session)
    command = CorrectAccount("011", "3019999999991", "홍길동")
    return account_changes.correct(session, failed.id, command, by=owner_of(session, failed), at=AT)


def confirm_account(session: Session, files: Files, cast: Cast) -> object:
    return _confirm(session, files, cast, "reviewer")


def confirm_account_again(session: Session, files: Files, cast: Cast) -> object:
    """The second person: it is paid without waiting."""
    return _confirm(session, files, cast, "approver")


def prepare_for_bank(session: Session, _files: Files, cast: Cast) -> object:
    return payments.prepare(session, CODE, by=person(session, cast, "payer"), at=AT + timedelta(hours=4))


def release_to_bank(session: Session, files: Files, cast: Cast) -> object:
    run, by = _run(session), person(session, cast, "releaser")
    return payments.release(session, files.stores, run.id, channel=Channel.API, by=by, at=AT + timedelta(hours=4))


def pay(session: Session, files: Files, cast: Cast) -> object:
    """A worker's round as it is: the order is written down and committed, told to the bank, the answer written."""
    return _rounds(session, files, cast, SENT)


def at_work_again(session: Session, files: Files, cast: Cast) -> object:
    return _rounds(session, files, cast, *(SENT + after for after in RESTARTS))


def take_order_up(session: Session, _files: Files, _cast: Cast) -> object:
    return bank_orders.take_up(session, at=SENT)


def bank_calls(session: Session, _files: Files, _cast: Cast) -> object:
    """Early: the bank calls while the order is still being sent."""
    said = word(_order(session), Outcome.DONE)
    return bank_orders.hear(session, said, "signature of this call", at=SENT)


def settle_order(session: Session, files: Files, _cast: Cast) -> object:
    order = _order(session)
    said = word(order, Outcome.DONE)
    return bank_orders.settle(session, files.stores, order, said, safe=SAFE, at=SENT + timedelta(seconds=1))


def judged_by(session: Session, told: list[str]) -> list[str]:
    """What is wrong with the payment that may have been on its way; `told`: its order as often as the bank heard it."""
    payment = _payment(session)
    order = session.scalars(select(BankOrder)).one()
    if len(told) > 1:
        return [f"the bank was told {len(told)} times: {told}"]
    if told and (payment.status is not PaymentStatus.DONE or payment.claim.status is not ClaimStatus.PAID):
        return [f"the bank paid it, and it is {payment.status}"]
    if told and order.due_at is not None:
        return ["it is over, and the bank is asked for ever"]
    if not told and (payment.status is not PaymentStatus.UNKNOWN or order.never_heard_at is None):
        return [f"the bank never heard of it, and it is {payment.status}"]
    return []


def give_up_order(session: Session, _files: Files, cast: Cast) -> object:
    """What the bank never heard of is ended by a person, and may be paid anew."""
    payment, by, at = _payment(session), person(session, cast, "payer"), SENT + timedelta(days=6)
    bank_orders.void(session, payment.id, by=by, at=at, note="은행이 받지 못함")
    return payments.reopen(session, payment.claim_id, by=by, at=at)


def _rounds(session: Session, files: Files, cast: Cast, *when: datetime) -> list[int]:
    """A worker at work, round after round, at these times of the portal's."""
    access = BankAccess(f"http://127.0.0.1:{cast['bank']}", "k" * 32, timedelta(seconds=5), SAFE)
    settled = []
    with worker(session, files, bank=access) as app:
        for at in when:
            clock.shift(at - datetime.now(UTC))
            settled.append(bank_jobs.pay(app))
    return settled


def _confirm(session: Session, files: Files, cast: Cast, who: str) -> object:
    change = session.scalars(select(AccountChange.id)).one()
    return account_changes.confirm(session, files.stores, change, by=person(session, cast, who), at=AT)


def _failed(session: Session) -> Claim:
    """The claim whose payment the bank refused, also once it is corrected."""
    return session.scalars(select(Claim).where(Claim.period == PERIOD).order_by(Claim.id)).all()[1]


def _run(session: Session) -> PaymentRun:
    return session.scalars(select(PaymentRun).order_by(PaymentRun.id.desc())).first()  # ty: ignore


def _payment(session: Session) -> Payment:
    return session.scalars(select(BankOrder)).one().payment


def _order(session: Session) -> Order:
    """As the worker who took it up holds it; who has settled it holds it no more."""
    row = session.scalars(select(BankOrder)).one()
    payment = row.payment
    return Order(
        order_id=row.id, token=row.token or "given back", enquiry=False, heard=0, reference=payment.reference,
        amount=payment.amount, bank_code=payment.bank_code, account_number=payment.account_number,
        holder=payment.account_holder, memo=PERIOD,
    )  # fmt: skip


ACCOUNT = (
    Step("correct_account", correct_account),
    Step("confirm_account", confirm_account),
    Step("confirm_account_again", confirm_account_again),
)
ORDERS = (
    Step("prepare_for_bank", prepare_for_bank),
    Step("release_to_bank", release_to_bank),
    Step("pay", pay, aside=True, later=at_work_again),
    Step("take_order_up", take_order_up),
    Step("bank_calls", bank_calls),
    Step("settle_order", settle_order),
)
