"""Orders to the bank: sent once, asked about until there is an answer, believed only over what we told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.bank_orders import LAST_LOOK, LEASE, PAUSES, Order, Outcome, Source, Verdict, Word
from portal.domain.claims import ClaimStatus
from portal.domain.errors import InvalidTransition, NotFound
from portal.domain.payments import Channel, PaymentStatus, RunStatus
from portal.models.audit import AuditEvent
from portal.models.bank_orders import BankMessage, BankOrder
from portal.models.payments import Payment, PaymentRun
from portal.queries import bank_orders as look_up
from portal.queries import money_invariants
from portal.services import bank_orders, payments
from portal.storage.objects import Stores
from tests.approved_claims import CODE, Office, all_done, answer
from tests.bank_words import word
from tests.payments_made import AMOUNTS, money_is_in_order, paid_by_source, statuses

C, P, Q, V = ClaimStatus, PaymentStatus, Outcome, Verdict
SAFE = timedelta(hours=24)


class Bank:
    """The worker and the bank of one test: takes orders up and answers them, at a moment that only moves on."""

    def __init__(self, session: Session, stores: Stores, at: datetime) -> None:
        self.session, self.stores, self.at = session, stores, at

    def take(self) -> Order:
        order = bank_orders.take_up(self.session, at=self.at)
        assert order is not None
        self.session.commit()
        return order

    def answer(self, order: Order, said: Word | Outcome, **other) -> Verdict | None:
        said = said if isinstance(said, Word) else word(order, said, **other)
        verdict = bank_orders.settle(self.session, self.stores, order, said, safe=SAFE, at=self.at)
        self.session.commit()
        return verdict

    def hear(self, said: Word, signature: str = "t=1") -> Verdict:
        verdict = bank_orders.hear(self.session, said, signature, at=self.at)
        self.session.commit()
        return verdict

    def wait(self, by: timedelta) -> Bank:
        self.at += by
        return self

    def nothing_due(self) -> bool:
        return look_up.due(self.session, at=self.at) is None

    @property
    def broken(self) -> list[str]:
        self.session.expire_all()
        checks = (look_up.orders_sent_once, look_up.ends_have_evidence, money_invariants.shares_agree)
        return [*money_is_in_order(self.session), *(said for check in checks for said in check(self.session))]


@pytest.fixture
def run(session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor, at: datetime) -> PaymentRun:
    found = payments.release(session, stores, prepared.id, channel=Channel.API, by=releaser, at=at)
    session.commit()
    return found


@pytest.fixture
def bank(session: Session, stores: Stores, run: PaymentRun, at: datetime) -> Bank:
    return Bank(session, stores, at)


def first_is(session: Session) -> PaymentStatus:
    return statuses(session)[1][0]


def test_a_run_sent_by_the_portal_has_orders_and_no_file(session: Session, run: PaymentRun, stores: Stores) -> None:
    assert (run.channel, run.bank_file_sha256) == (Channel.API, None)
    assert [order.payment_id for order in session.scalars(select(BankOrder))] == [each.id for each in run.payments]
    with pytest.raises(NotFound):
        payments.bank_file_of(session, stores, run.id, by=Actor(1, 1, "", frozenset(), run.organisation_id))


def test_sending_is_on_record_before_anything_leaves_and_done_is_paid(session: Session, bank: Bank) -> None:
    order = bank.take()
    assert (order.enquiry, first_is(session), order.amount) == (False, P.SENDING, AMOUNTS[0])
    assert bank.answer(order, Q.DONE) is V.APPLIED
    for _ in AMOUNTS[1:]:
        bank.answer(bank.take(), Q.DONE)
    assert statuses(session) == ([C.PAID] * 3, [P.DONE] * 3)
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert session.scalars(select(PaymentRun.status)).one() is RunStatus.SETTLED
    assert bank.nothing_due()
    assert bank.broken == []


@pytest.mark.parametrize(
    ("said", "claim", "payment"),
    [
        (Q.REFUSED, C.PAYMENT_FAILED, P.REFUSED),
        (Q.ACCEPTED, C.IN_PAYMENT, P.ACCEPTED),
        (Q.NO_ANSWER, C.IN_PAYMENT, P.UNKNOWN),
        (Q.NOT_SENT, C.IN_PAYMENT, P.INSTRUCTED),
        (Q.RETURNED, C.PAYMENT_FAILED, P.RETURNED),
    ],
)
def test_each_answer_leads_where_it_should(
    session: Session, bank: Bank, said: Outcome, claim: ClaimStatus, payment: PaymentStatus
) -> None:
    order = bank.take()
    bank.answer(order, Word(said) if said in (Q.NO_ANSWER, Q.NOT_SENT) else said)
    assert (statuses(session)[0][0], first_is(session)) == (claim, payment)
    assert sum(paid_by_source(session).values()) == 0
    assert bank.broken == []


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"amount": AMOUNTS[0] + 1}, V.WRONG_AMOUNT),
        ({"account_number": "99999999999"}, V.WRONG_ACCOUNT),
        ({"bank_code": "099"}, V.WRONG_ACCOUNT),
    ],
)
def test_an_answer_over_another_amount_or_account_pays_nothing(
    session: Session, bank: Bank, other: dict, verdict: Verdict
) -> None:
    assert bank.answer(bank.take(), Q.DONE, **other) is verdict
    assert (first_is(session), sum(paid_by_source(session).values())) == (P.UNKNOWN, 0)
    assert [each.verdict for each in look_up.flagged(session, [1, 2, 3])] == [verdict]
    assert bank.broken == []


def the_first_again(bank: Bank, first: Order) -> Order:
    """The question about it, the other orders answered on the way."""
    while (order := bank.take()).reference != first.reference:
        bank.answer(order, Q.DONE)
    return order


def test_unknown_is_asked_about_and_never_sent_again(session: Session, bank: Bank) -> None:
    first = bank.take()
    bank.answer(first, Word(Q.NO_ANSWER))
    asked = the_first_again(bank.wait(PAUSES[0]), first)
    assert asked.enquiry
    bank.answer(asked, Word(Q.NO_ANSWER))
    assert bank.nothing_due()
    asked = the_first_again(bank.wait(PAUSES[1]), first)
    assert bank.answer(asked, Q.DONE) is V.APPLIED
    assert first_is(session) is P.DONE
    sent = select(AuditEvent.record_id).where(AuditEvent.noun == "payment", AuditEvent.action == "send")
    assert sorted(session.scalars(sent)) == [1, 2, 3]
    assert bank.broken == []


def test_a_worker_that_fell_silent_leaves_an_unknown_payment_and_its_late_answer_counts_for_nothing(
    session: Session, bank: Bank
) -> None:
    lost = bank.take()
    bank.answer(bank.take(), Q.DONE)
    bank.answer(bank.take(), Q.DONE)
    assert bank.wait(LEASE).nothing_due()
    asked = bank.wait(timedelta(seconds=1)).take()
    assert (asked.reference, asked.enquiry, first_is(session)) == (lost.reference, True, P.UNKNOWN)
    assert bank.answer(lost, Q.REFUSED) is None
    assert first_is(session) is P.UNKNOWN
    assert bank.answer(asked, Q.DONE) is V.APPLIED
    assert bank.broken == []


def test_never_heard_of_it_is_believed_late_enough_then_a_person_voids_and_pays_again(
    session: Session, stores: Stores, office: Office, bank: Bank, payer: Actor, releaser: Actor
) -> None:
    first = bank.take()
    bank.answer(first, Word(Q.NO_ANSWER))
    payment = session.scalars(select(Payment).where(Payment.reference == first.reference)).one()
    early = the_first_again(bank.wait(PAUSES[0]), first)
    bank.answer(early, Word(Q.NEVER_HEARD, first.reference))
    with pytest.raises(InvalidTransition):
        bank_orders.void(session, payment.id, by=payer, at=bank.at, note="")
    session.rollback()
    late = the_first_again(bank.wait(SAFE), first)
    bank.answer(late, Word(Q.NEVER_HEARD, first.reference))
    bank_orders.void(session, payment.id, by=payer, at=bank.at, note="은행이 받지 못함")
    assert (statuses(session)[0][0], first_is(session)) == (C.PAYMENT_FAILED, P.VOIDED)
    payments.reopen(session, payment.claim_id, by=payer, at=bank.at)
    again = payments.prepare(session, CODE, by=payer, at=bank.at)
    payments.release(session, stores, again.id, by=releaser, at=bank.at)
    payments.settle(session, stores, again.id, answer(again, (0, "done"), on=bank.at.date()), by=payer, at=bank.at)
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert bank.broken == []
    contradiction = the_first_again(bank.wait(LAST_LOOK), first)
    assert bank.answer(contradiction, Q.DONE) is V.CONTRADICTS  # shown to people, and paid to nobody
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)


def test_another_office_does_not_void(session: Session, bank: Bank, payer: Actor, at: datetime) -> None:
    stranger = Actor(payer.user_id, payer.person_id, "", payer.roles, 4711)
    with pytest.raises(NotFound):
        bank_orders.void(session, 1, by=stranger, at=at, note="")


def test_money_that_came_back_is_committed_again_and_may_be_paid_anew(
    session: Session, stores: Stores, bank: Bank, payer: Actor, releaser: Actor
) -> None:
    orders = [bank.take() for _ in AMOUNTS]
    for order in orders:
        bank.answer(order, Q.DONE)
    assert bank.hear(word(orders[0], Q.RETURNED)) is V.ASKED
    assert first_is(session) is P.DONE  # a call moves no money
    assert bank.answer(bank.take(), Q.RETURNED) is V.APPLIED
    assert (statuses(session)[0][0], first_is(session)) == (C.PAYMENT_FAILED, P.RETURNED)
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS[1:])
    assert bank.broken == []
    payments.reopen(session, 1, by=payer, at=bank.at)
    again = payments.prepare(session, CODE, by=payer, at=bank.at)
    payments.release(session, stores, again.id, by=releaser, at=bank.at)
    payments.settle(session, stores, again.id, all_done(again), by=payer, at=bank.at)
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert bank.broken == []


def test_a_return_nobody_called_about_is_found_by_the_last_look(session: Session, bank: Bank) -> None:
    orders = [bank.take() for _ in AMOUNTS]
    for order in orders:
        bank.answer(order, Q.DONE)
    bank.wait(LAST_LOOK)
    looked = [bank.take() for _ in AMOUNTS]
    assert all(order.enquiry for order in looked)
    assert [bank.answer(order, said) for order, said in zip(looked, (Q.RETURNED, Q.DONE, Q.DONE), strict=True)] == [
        V.APPLIED, V.KNOWN, V.KNOWN,
    ]  # fmt: skip
    assert first_is(session) is P.RETURNED
    assert bank.broken == []


CALLS: list[tuple[str, Callable[[Order], Word], Verdict]] = [
    ("done, which we know", lambda order: word(order, Q.DONE), V.KNOWN),
    ("another amount", lambda order: word(order, Q.DONE, amount=order.amount + 1), V.WRONG_AMOUNT),
    ("another account", lambda order: word(order, Q.RETURNED, account_number="1"), V.WRONG_ACCOUNT),
    ("a payment of nobody", lambda order: word(order, Q.DONE, reference="R1-00001"), V.UNKNOWN_PAYMENT),
]


@pytest.mark.parametrize(("what", "said", "verdict"), CALLS, ids=[call[0] for call in CALLS])
def test_a_call_is_written_down_and_moves_nothing(
    session: Session, bank: Bank, what: str, said: Callable[[Order], Word], verdict: Verdict
) -> None:
    order = bank.take()
    bank.answer(order, Q.DONE)
    before = statuses(session)
    assert bank.hear(said(order), "t=7") is verdict
    assert bank.hear(said(order), "t=7") is V.KNOWN  # the same call again
    assert statuses(session) == before
    calls = session.scalars(select(BankMessage).where(BankMessage.source == Source.CALLBACK)).all()
    assert [call.verdict for call in calls] == [verdict]
    assert bank.broken == []


def test_a_call_before_we_sent_or_while_we_send_is_early_and_makes_us_ask_at_once(session: Session, bank: Bank) -> None:
    order = bank.take()
    unsent = session.scalars(select(Payment).where(Payment.status == P.INSTRUCTED).order_by(Payment.id)).first()
    assert unsent is not None
    other = Order(0, "", False, 0, unsent.reference, unsent.amount, unsent.bank_code, unsent.account_number, "", "")
    assert bank.hear(word(other, Q.DONE), "t=1") is V.EARLY
    assert bank.hear(word(order, Q.DONE), "t=2") is V.EARLY
    assert statuses(session)[1] == [P.SENDING, P.INSTRUCTED, P.INSTRUCTED]
    bank.answer(order, Word(Q.NO_ANSWER))
    assert the_first_again(bank, order).enquiry  # without waiting for the first pause


def test_what_our_own_books_refuse_is_set_aside_and_asked_about_again(session: Session, bank: Bank) -> None:
    order = bank.take()
    bank_orders.set_aside(session, order, word(order, Q.DONE), at=bank.at)
    session.commit()
    assert first_is(session) is P.UNKNOWN
    assert the_first_again(bank.wait(PAUSES[0]), order).enquiry
    assert [each.verdict for each in look_up.flagged(session, [1])] == [V.UNBOOKED]


def test_the_results_of_a_run_that_the_portal_sends_do_not_come_by_file(
    session: Session, stores: Stores, run: PaymentRun, payer: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.settle(session, stores, run.id, all_done(run), by=payer, at=at)
