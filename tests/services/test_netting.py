"""Netting: what is owed back is kept from the next payment, and counts when the bank has confirmed that payment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.claims import ClaimStatus
from portal.domain.errors import AlreadyDone, Incomplete
from portal.domain.payments import PaymentStatus, RunStatus
from portal.domain.recoveries import Instalment, RecoveryStatus
from portal.domain.recovery_rates import Cause
from portal.models.payments import PaymentRun
from portal.models.recoveries import Recovery
from portal.queries import ledger as postings
from portal.queries import money_invariants, recovery_invariants
from portal.queries import recoveries as recoveries_seen
from portal.services import payments, recoveries, recovery_endings
from portal.storage.objects import Stores
from tests import approved_claims
from tests.approved_claims import CODE
from tests.factories import AT, actor
from tests.payments_made import money_is_in_order
from tests.recovered import Desk, open_desk

LATER = AT + timedelta(days=60)  # the order's deadline has passed


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores, 100_010, 70_000)


@pytest.fixture
def owed(desk: Desk) -> Recovery:
    return desk.ordered(10_000)


def next_run(desk: Desk, amount: int, *, at: datetime = LATER) -> PaymentRun:
    """The merchant's next claim, approved and put into a run."""
    claim = desk.claims[0]
    revision = 2 + len(desk.claims)
    more = approved_claims.make_claim(
        desk.session, claim.run, claim.merchant_id, claim.application_id, amount, by=desk.reviewer,
        revision=revision, at=at,
    )  # fmt: skip
    approved_claims.approve(desk.session, more, desk.office, at=at)
    desk.claims.append(more)
    return payments.prepare(desk.session, CODE, by=desk.payer, at=at)


def release(desk: Desk, run: PaymentRun, *, at: datetime = LATER) -> PaymentRun:
    return payments.release(desk.session, desk.stores, run.id, by=actor(desk.office.releaser), at=at)


def answered(desk: Desk, run: PaymentRun, word: str, *, at: datetime = LATER) -> None:
    result = approved_claims.answer(run, (0, word), on=at.date())
    payments.settle(desk.session, desk.stores, run.id, result, by=desk.payer, at=at)


def broken(session: Session) -> list[str]:
    checks = (
        money_invariants.shares_agree,
        money_invariants.commitments_not_overdrawn,
        recovery_invariants.recoveries_within_payments,
        recovery_invariants.receipts_within_orders,
        recovery_invariants.recoveries_agree,
    )
    return [*money_is_in_order(session), *(found for check in checks for found in check(session))]


def test_an_overdue_order_is_netted_and_the_bank_moves_the_rest(desk: Desk, owed: Recovery) -> None:
    before = sum(balance.paid for balance in postings.balances(desk.session))
    run = next_run(desk, 30_000)
    (payment,) = run.payments
    assert (payment.amount, payment.netted, run.total) == (20_000, 10_000, 20_000)
    assert {share.source: (share.amount, share.netted) for share in payment.shares} == {
        "national": (10_000, 5_000), "province": (3_000, 1_500), "county": (7_000, 3_500),
    }  # fmt: skip
    release(desk, run)
    assert owed.fulfilled == 0  # not before the bank's word
    answered(desk, run, "done")
    assert owed.status is RecoveryStatus.SETTLED
    assert sum(balance.paid for balance in postings.balances(desk.session)) - before == 20_000
    assert broken(desk.session) == []


def test_before_the_deadline_only_the_merchants_consent_allows_it(desk: Desk, owed: Recovery, at: datetime) -> None:
    run = next_run(desk, 30_000, at=at)
    assert [payment.netted for payment in run.payments] == [0]
    payments.cancel(desk.session, run.id, by=desk.payer, at=at)
    recoveries.agree_to_netting(desk.session, owed.id, by=desk.owner(), at=at)
    with pytest.raises(AlreadyDone):
        recoveries.agree_to_netting(desk.session, owed.id, by=desk.owner(), at=at)
    run = payments.prepare(desk.session, CODE, by=desk.payer, at=at)
    assert [payment.netted for payment in run.payments] == [10_000]


def test_a_payment_that_nets_to_nothing_is_settled_without_the_bank(desk: Desk, owed: Recovery) -> None:
    run = next_run(desk, 4_000)
    (payment,) = run.payments
    assert (payment.amount, payment.netted, run.total) == (0, 4_000, 0)
    release(desk, run)
    assert (run.status, payment.status, run.bank_file_sha256) == (RunStatus.SETTLED, PaymentStatus.DONE, None)
    assert (owed.fulfilled, owed.status, payment.claim.status) == (4_000, RecoveryStatus.ORDERED, ClaimStatus.PAID)
    assert broken(desk.session) == []


def test_a_refused_payment_takes_its_netting_back(desk: Desk, owed: Recovery) -> None:
    run = next_run(desk, 30_000)
    release(desk, run)
    answered(desk, run, "refused")
    assert owed.fulfilled == 0
    desk.pay(owed, 10_000, "N1", at=LATER)  # nothing is reserved any more
    payments.reopen(desk.session, run.payments[0].claim_id, by=desk.payer, at=LATER)
    again = payments.prepare(desk.session, CODE, by=desk.payer, at=LATER)
    assert [payment.netted for payment in again.payments] == [0]
    assert broken(desk.session) == []


def test_what_a_payment_on_its_way_is_to_net_is_neither_received_in_cash_nor_netted_twice(
    desk: Desk, owed: Recovery
) -> None:
    run = next_run(desk, 4_000)
    with pytest.raises(Incomplete) as refused:
        desk.pay(owed, 6_010, "N1", at=LATER)
    assert refused.value.problems[0].value == "6,000"
    second = next_run(desk, 30_000)
    assert [payment.netted for payment in second.payments] == [6_000]
    payments.cancel(desk.session, run.id, by=desk.payer, at=LATER)
    desk.pay(owed, 4_000, "N1", at=LATER)
    release(desk, second)
    answered(desk, second, "done")
    assert owed.status is RecoveryStatus.SETTLED
    assert broken(desk.session) == []


@pytest.mark.usefixtures("owed")
def test_another_merchants_payment_is_left_alone(desk: Desk) -> None:
    claim = desk.claims[1]
    more = approved_claims.make_claim(
        desk.session, claim.run, claim.merchant_id, claim.application_id, 9_000, by=desk.reviewer, revision=2, at=LATER
    )
    approved_claims.approve(desk.session, more, desk.office, at=LATER)
    run = payments.prepare(desk.session, CODE, by=desk.payer, at=LATER)
    assert [(payment.amount, payment.netted) for payment in run.payments] == [(9_000, 0)]


def test_of_instalments_only_what_is_overdue_is_netted(desk: Desk, owed: Recovery, at: datetime) -> None:
    schedule = [Instalment(date(2026, 7, 31), 6_000), Instalment(date(2026, 12, 31), 4_000)]
    recovery_endings.propose_instalments(desk.session, owed.id, schedule, by=desk.reviewer, at=at)
    recovery_endings.approve_instalments(desk.session, desk.stores, owed.id, by=actor(desk.decider), at=at)
    run = next_run(desk, 30_000)
    assert [payment.netted for payment in run.payments] == [6_000]
    release(desk, run)
    answered(desk, run, "done")
    assert (owed.fulfilled, owed.due_on) == (6_000, date(2026, 12, 31))
    assert broken(desk.session) == []


def test_cash_for_interest_beside_a_netting_on_its_way_pays_no_principal_that_is_kept_for_it(
    desk: Desk, stores: Stores
) -> None:
    owed = desk.ordered(10_000, cause=Cause.FALSE)
    extra = recoveries_seen.owed_of(desk.session, owed).total - 10_000
    assert extra > 0
    run = next_run(desk, 4_000)
    desk.pay(owed, 6_000 + extra, "N1", at=AT)
    assert owed.fulfilled == 6_000
    release(desk, run)
    assert owed.status is RecoveryStatus.SETTLED
    assert broken(desk.session) == []
