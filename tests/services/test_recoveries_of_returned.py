"""The bank sends back what is owed back: both are facts, the order stands, and the claim is paid anew in full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.claims import ClaimStatus
from portal.domain.errors import BudgetExhausted, Incomplete
from portal.domain.ledger import PostingKind
from portal.domain.recoveries import RecoveryStatus
from portal.models.payments import Payment, PaymentRun
from portal.queries import ledger as postings
from portal.queries import money_invariants, recovery_invariants
from portal.queries import recovery_pages as pages
from portal.services import ledger, payments, recoveries
from portal.storage.objects import Stores
from tests import approved_claims
from tests.approved_claims import CODE
from tests.factories import AT, actor
from tests.payments_made import money_is_in_order
from tests.recovered import Desk, open_desk

PAID, OWED = 100_010, 10_000
LATER = AT + timedelta(days=60)  # the order's deadline has passed


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores, PAID)


def broken(session: Session) -> list[str]:
    checks = (
        money_invariants.shares_agree,
        money_invariants.commitments_not_overdrawn,
        recovery_invariants.recoveries_within_payments,
        recovery_invariants.receipts_within_orders,
        recovery_invariants.recoveries_agree,
        money_invariants.parts_add_up,
    )
    return [*money_is_in_order(session), *(found for check in checks for found in check(session))]


def sent_back(desk: Desk) -> None:
    """The bank finds weeks later that the account takes nothing."""
    run = desk.session.scalars(select(PaymentRun).order_by(PaymentRun.id.desc()).limit(1)).one()
    result = approved_claims.answer(run, (0, "returned"))
    payments.settle(desk.session, desk.stores, run.id, result, by=desk.payer, at=LATER)
    assert desk.claims[0].status is ClaimStatus.PAYMENT_FAILED


def paid_anew(desk: Desk) -> Payment:
    payments.reopen(desk.session, desk.claims[0].id, by=desk.payer, at=LATER)
    run = payments.prepare(desk.session, CODE, by=desk.payer, at=LATER)
    payments.release(desk.session, desk.stores, run.id, by=actor(desk.office.releaser), at=LATER)
    if run.payments[0].amount:
        done = approved_claims.answer(run, (0, "done"), on=LATER.date())
        payments.settle(desk.session, desk.stores, run.id, done, by=desk.payer, at=LATER)
    return run.payments[0]


def reached(session: Session) -> int:
    return sum(balance.paid for balance in postings.balances(session))


def test_an_open_order_is_kept_from_the_payment_made_anew(desk: Desk) -> None:
    owed = desk.ordered(OWED)
    sent_back(desk)
    assert (owed.status, reached(desk.session), broken(desk.session)) == (RecoveryStatus.ORDERED, 0, [])
    again = paid_anew(desk)
    assert (again.amount, again.netted) == (PAID - OWED, OWED)
    assert (owed.status, reached(desk.session)) == (RecoveryStatus.SETTLED, PAID - OWED)
    assert broken(desk.session) == []


@pytest.mark.parametrize("first", ["merchant", "bank"])
def test_who_has_paid_back_is_paid_anew_in_full(desk: Desk, first: str) -> None:
    owed = desk.ordered(OWED)
    if first == "bank":
        sent_back(desk)
    desk.pay(owed, 4_000, "N1", at=LATER)
    desk.pay(owed, OWED - 4_000, "N2", at=LATER)
    assert broken(desk.session) == []
    if first == "merchant":
        sent_back(desk)
    assert (owed.status, reached(desk.session)) == (RecoveryStatus.SETTLED, -OWED)
    assert broken(desk.session) == []
    again = paid_anew(desk)
    assert (again.amount, again.netted, reached(desk.session)) == (PAID, 0, PAID - OWED)
    assert broken(desk.session) == []


def test_all_that_was_paid_may_be_owed_paid_back_and_sent_back(desk: Desk) -> None:
    desk.pay(desk.ordered(100_000), 100_000, "N1", at=LATER)
    sent_back(desk)
    assert broken(desk.session) == []
    assert paid_anew(desk).amount == PAID
    assert (reached(desk.session), broken(desk.session)) == (10, [])


def test_a_case_before_its_order_waits_for_the_payment_made_anew(desk: Desk) -> None:
    drafted = desk.drafted(OWED)
    sent_back(desk)
    assert broken(desk.session) == []
    decider, waiting = actor(desk.decider), desk.session.begin_nested()
    with pytest.raises(Incomplete, match="recovery_over_paid"):
        recoveries.order(desk.session, desk.stores, drafted.id, by=decider, at=LATER)
    waiting.rollback()
    assert (paid_anew(desk).amount, drafted.status) == (PAID, RecoveryStatus.DRAFTED)
    recoveries.order(desk.session, desk.stores, drafted.id, by=decider, at=LATER)
    desk.pay(drafted, OWED, "N1", at=LATER)
    assert (drafted.status, reached(desk.session)) == (RecoveryStatus.SETTLED, PAID - OWED)
    assert broken(desk.session) == []


def test_after_the_payment_made_anew_only_the_rest_may_be_asked_back(desk: Desk) -> None:
    desk.pay(desk.ordered(OWED), OWED, "N1", at=LATER)
    sent_back(desk)
    paid_anew(desk)
    with pytest.raises(Incomplete) as refused:
        desk.open(PAID, at=LATER)
    assert [(each.code, each.value) for each in refused.value.problems] == [("recovery_over_paid", f"{PAID - OWED:,}")]
    desk.open(PAID - OWED, at=LATER)
    assert broken(desk.session) == []


def test_neither_way_gives_back_more_than_was_paid_out(desk: Desk) -> None:
    """The ledger itself refuses, whoever posts; the two ways do not count for each other."""
    claim, session = desk.claims[0], desk.session
    lines = ledger.lines_by_source(session, claim.programme_id, 2026)
    paid = {balance.source: balance.paid for balance in postings.balances(session)}["county"]

    def post(kind: PostingKind, won: int, key: str) -> None:
        ledger.post(
            session, kind, {lines["county"]: won}, source_key=key, by=desk.payer, at=LATER,
            application_id=claim.application_id,
        )  # fmt: skip

    for kind in (PostingKind.RECOVER, PostingKind.RETURN):
        with pytest.raises(BudgetExhausted, match="paid"):
            post(kind, paid + 1, f"{kind}:more")
        post(kind, paid, f"{kind}:all")
        with pytest.raises(BudgetExhausted, match="paid"):
            post(kind, 1, f"{kind}:again")


def test_the_page_of_the_case_says_that_the_money_is_not_with_the_merchant(desk: Desk) -> None:
    owed = desk.ordered(OWED)
    assert not pages.sent_back_meanwhile(desk.session, owed)
    sent_back(desk)
    assert pages.sent_back_meanwhile(desk.session, owed)
    paid_anew(desk)
    assert not pages.sent_back_meanwhile(desk.session, owed)


def test_what_a_payment_netted_before_it_was_sent_back_is_not_paid_anew(desk: Desk) -> None:
    owed = desk.ordered(OWED)
    claim = desk.claims[0]
    more = approved_claims.make_claim(
        desk.session, claim.run, claim.merchant_id, claim.application_id, 30_000, by=desk.reviewer, revision=2, at=LATER
    )
    approved_claims.approve(desk.session, more, desk.office, at=LATER)
    run = payments.prepare(desk.session, CODE, by=desk.payer, at=LATER)
    payments.release(desk.session, desk.stores, run.id, by=actor(desk.office.releaser), at=LATER)
    for word in ("done", "returned"):
        result = approved_claims.answer(run, (0, word), on=LATER.date())
        payments.settle(desk.session, desk.stores, run.id, result, by=desk.payer, at=LATER)
    assert (run.payments[0].amount, run.payments[0].netted) == (20_000, OWED)
    assert (owed.status, broken(desk.session)) == (RecoveryStatus.SETTLED, [])
    desk.claims[0] = more
    again = paid_anew(desk)
    assert (again.amount, again.netted, reached(desk.session)) == (20_000, 0, PAID + 30_000 - OWED)
    assert broken(desk.session) == []
