"""Money that comes back: asked for by one person, decided by another, demanded and received in the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.approvals import Matter
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.domain.recoveries import (
    DraftOrder,
    Opinion,
    OwnNotice,
    PriorNotice,
    ProposeWriteOff,
    Receipt,
    RecoveryStatus,
)
from portal.domain.recovery_rates import Cause
from portal.models.approvals import Approval
from portal.models.letters import Letter, LetterKind
from portal.queries import invariants, recovery_invariants
from portal.queries import ledger as postings
from portal.queries import recoveries as look_up
from portal.services import recoveries, recovery_endings, recovery_receipts
from portal.storage.objects import Stores
from tests.banded import band
from tests.factories import AT, actor, make_merchant_user, make_official
from tests.payments_made import money_is_in_order
from tests.recovered import HEARD, WHY, Desk, open_desk

S = RecoveryStatus


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores, 100_010, 70_000)


def receivable(session: Session) -> dict[str, int]:
    return {balance.source: balance.receivable for balance in postings.balances(session)}


def paid(session: Session) -> dict[str, int]:
    return {balance.source: balance.paid for balance in postings.balances(session)}


def codes(refused: pytest.ExceptionInfo[Incomplete]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_an_order_demands_the_principal_from_the_sources_in_the_ratio_of_the_payment(desk: Desk) -> None:
    recovery = desk.ordered(10_000)
    assert recovery.status is S.ORDERED
    assert {part.source: part.principal for part in recovery.parts} == {
        "national": 5_000, "province": 1_500, "county": 3_500,
    }  # fmt: skip
    assert receivable(desk.session) == {"national": 5_000, "province": 1_500, "county": 3_500}
    assert (recovery.demanded, recovery.fulfilled, recovery.due_on) == (10_000, 0, date(2026, 7, 15))
    kinds = desk.session.scalars(select(Letter.kind).where(Letter.merchant_id == recovery.merchant_id)).all()
    assert kinds[-2:] == [LetterKind.RECOVERY_NOTICE, LetterKind.RECOVERY_ORDER]
    assert money_is_in_order(desk.session) == []


def test_receipts_give_the_money_back_to_the_sources_and_settle_the_case(desk: Desk, at: datetime) -> None:
    recovery, before = desk.ordered(10_000), paid(desk.session)
    desk.pay(recovery, 4_010, "농협 0615-1")
    assert recovery.status is S.ORDERED
    assert look_up.owed_of(desk.session, recovery).principal == 5_990
    desk.pay(recovery, 5_990, "농협 0615-2")
    assert recovery.status is S.SETTLED
    assert receivable(desk.session) == {"national": 0, "province": 0, "county": 0}
    after = paid(desk.session)
    assert {source: before[source] - after[source] for source in before} == {
        "national": 5_000, "province": 1_500, "county": 3_500,
    }  # fmt: skip
    assert money_is_in_order(desk.session) == []
    with pytest.raises(InvalidTransition):
        desk.pay(recovery, 10, "농협 0615-3")


def test_what_comes_back_in_a_later_year_is_that_years_income(desk: Desk, at: datetime) -> None:
    recovery = desk.ordered(10_000)
    desk.pay(recovery, 10_000, "N1", at=at + timedelta(days=300))
    balances = postings.balances(desk.session)
    assert sum(balance.revenue for balance in balances) == 10_000
    assert list(invariants.budget_lines_hold(desk.session)) == []


def test_one_reference_of_the_bank_counts_once(desk: Desk) -> None:
    first, second = desk.ordered(10_000), desk.ordered(10_000, 1)
    desk.pay(first, 1_000, "N  1")
    for recovery in (first, second):
        with pytest.raises(AlreadyDone):
            desk.pay(recovery, 1_000, "N 1")
    assert first.fulfilled == 1_000


@pytest.mark.parametrize("amount", [10_010, 0])
def test_no_receipt_is_more_than_is_owed_nor_nothing(desk: Desk, amount: int) -> None:
    recovery = desk.ordered(10_000)
    with pytest.raises(Incomplete) as refused:
        desk.pay(recovery, amount, "N1")
    assert codes(refused) == ["receipt_over_owed"]


def test_a_receipt_has_a_reference_and_a_day_between_the_order_and_today(desk: Desk, at: datetime) -> None:
    recovery = desk.ordered(10_000)
    for command, code in (
        (Receipt(10, " ", at.date()), "required"),
        (Receipt(10, "N1", at.date() + timedelta(days=1)), "date_in_future"),
        (Receipt(10, "N1", at.date() - timedelta(days=1)), "receipt_before_order"),
    ):
        with pytest.raises(Incomplete) as refused:
            recovery_receipts.receive(desk.session, desk.stores, recovery.id, command, by=desk.payer, at=at)
        assert codes(refused) == [code]
    command = Receipt(10, "N1", at.date())
    with pytest.raises(NotPermitted):
        recovery_receipts.receive(desk.session, desk.stores, recovery.id, command, by=desk.reviewer, at=at)


def test_no_more_is_asked_back_than_was_paid_and_a_month_has_one_living_case(desk: Desk) -> None:
    with pytest.raises(Incomplete) as refused:
        desk.open(100_020)
    assert [(each.code, each.value) for each in refused.value.problems] == [("recovery_over_paid", "100,010")]
    with pytest.raises(Incomplete) as refused:
        desk.open(9)
    assert codes(refused) == ["recovery_too_small"]
    desk.open(100_010)
    with pytest.raises(AlreadyDone):
        desk.open(10)


def test_after_a_case_is_over_only_the_rest_may_be_asked_back(desk: Desk) -> None:
    desk.pay(desk.ordered(100_000), 100_000, "N1")
    with pytest.raises(Incomplete):
        desk.open(20)
    assert desk.open(10).amount == 10


def test_a_dropped_case_asks_nothing_back(desk: Desk, at: datetime) -> None:
    first = desk.open(100_010)
    recoveries.drop(desk.session, desk.stores, first.id, "정정이 잘못되었습니다.", by=actor(desk.decider), at=at)
    assert first.status is S.DROPPED
    assert desk.open(100_010).status is S.OPENED
    assert list(recovery_invariants.receipts_within_orders(desk.session)) == []
    assert list(recovery_invariants.recoveries_within_payments(desk.session)) == []


def test_the_drafter_does_not_decide_and_neither_does_who_approved_the_claim(desk: Desk, at: datetime) -> None:
    recovery = desk.drafted(10_000)
    with pytest.raises(SamePerson):
        recoveries.order(desk.session, desk.stores, recovery.id, by=actor(desk.office.approver), at=at)
    with pytest.raises(NotPermitted):
        recoveries.order(desk.session, desk.stores, recovery.id, by=desk.reviewer, at=at)


def test_an_opinion_comes_in_time_and_the_office_waits_for_it(desk: Desk, at: datetime) -> None:
    recovery = desk.open(10_000)
    with pytest.raises(Incomplete) as refused:
        recoveries.notify(desk.session, desk.stores, recovery.id, PriorNotice(9, WHY), by=desk.reviewer, at=at)
    assert codes(refused) == ["opinion_days"]
    recoveries.notify(desk.session, desk.stores, recovery.id, PriorNotice(10, WHY), by=desk.reviewer, at=at)
    assert recovery.opinion_due_on == date(2026, 6, 25)
    with pytest.raises(Incomplete) as refused:
        recoveries.hear(desk.session, recovery.id, HEARD, by=desk.reviewer, at=at)
    assert codes(refused) == ["opinion_still_open"]
    late = at + timedelta(days=11)
    with pytest.raises(Incomplete) as refused:
        recoveries.answer(desk.session, recovery.id, Opinion("취소된 주문이 아닙니다."), by=desk.owner(), at=late)
    assert codes(refused) == ["opinion_too_late"]
    recoveries.hear(desk.session, recovery.id, "의견이 없었습니다. 그대로 합니다.", by=desk.reviewer, at=late)
    assert recovery.status is S.HEARD


def test_an_order_is_not_more_than_what_the_merchant_was_told_beforehand(desk: Desk, at: datetime) -> None:
    recovery = desk.drafted(10_000)
    recoveries.send_back(desk.session, recovery.id, "금액을 다시 보아 주세요.", by=actor(desk.decider), at=at)
    for command, code in (
        (DraftOrder(10_010, Cause.CORRECTED, WHY, 30), "order_over_notice"),
        (DraftOrder(10_000, Cause.FALSE, WHY, 30), "order_over_notice"),
        (DraftOrder(10_000, Cause.CORRECTED, WHY, 29), "order_days"),
        (DraftOrder(10_000, Cause.CORRECTED, "짧음", 30), "recovery_reason_too_short"),
    ):
        with pytest.raises(Incomplete) as refused:
            recoveries.draft(desk.session, recovery.id, command, by=desk.reviewer, at=at)
        assert codes(refused) == [code]
        desk.session.refresh(recovery)


def test_a_less_than_announced_is_fine(desk: Desk, at: datetime) -> None:
    recovery = desk.drafted(10_000)
    recoveries.send_back(desk.session, recovery.id, "금액을 다시 보아 주세요.", by=actor(desk.decider), at=at)
    recoveries.draft(desk.session, recovery.id, DraftOrder(4_005, Cause.CORRECTED, WHY, 40), by=desk.reviewer, at=at)
    recoveries.order(desk.session, desk.stores, recovery.id, by=actor(desk.decider), at=at)
    assert (recovery.demanded, sum(part.principal for part in recovery.parts)) == (4_000, 4_000)


def test_a_merchant_says_of_a_month_of_their_own_that_it_was_too_much(desk: Desk, at: datetime) -> None:
    notice = OwnNotice(desk.claims[0].id, 5_000, WHY)
    recovery = recoveries.report(desk.session, notice, by=desk.owner(), at=at)
    assert (recovery.amount, recovery.cause, recovery.status) == (5_000, Cause.HONEST, S.OPENED)
    assert look_up.owned(desk.session, recovery.id, desk.owner()) is recovery
    with pytest.raises(NotFound):
        recoveries.report(desk.session, notice, by=actor(make_merchant_user(desk.session)), at=at)


def test_a_case_is_the_merchants_to_see_once_they_were_told(desk: Desk, at: datetime) -> None:
    recovery = desk.open(10_000)
    with pytest.raises(NotFound):
        look_up.owned(desk.session, recovery.id, desk.owner())
    recoveries.notify(desk.session, desk.stores, recovery.id, PriorNotice(10, WHY), by=desk.reviewer, at=at)
    assert look_up.owned(desk.session, recovery.id, desk.owner()) is recovery
    with pytest.raises(NotFound):
        look_up.owned(desk.session, recovery.id, desk.owner(1))


def test_an_order_and_giving_it_up_are_decided_by_whose_band_the_amount_is(desk: Desk) -> None:
    chief = make_official(desk.session, Role.APPROVER, name="국장")
    for matter in (Matter.RECOVERY_ORDER, Matter.WRITE_OFF):
        band(desk.session, matter, 5_000, desk.decider)
        band(desk.session, matter, None, chief)
    drafted = desk.drafted(10_000)
    desk.session.commit()
    with pytest.raises(NotPermitted) as refused:
        recoveries.order(desk.session, desk.stores, drafted.id, by=actor(desk.decider), at=AT)
    assert [problem.code for problem in refused.value.problems] == ["not_in_band"]
    desk.session.rollback()
    recoveries.order(desk.session, desk.stores, drafted.id, by=actor(chief), at=AT)
    shown = ProposeWriteOff(WHY, "재산조회.pdf", "application/pdf", b"%PDF-1.4 nothing left")
    recovery_endings.propose_write_off(desk.session, desk.stores, drafted.id, shown, by=desk.reviewer, at=AT)
    desk.session.commit()
    with pytest.raises(NotPermitted, match="another band"):
        recovery_endings.write_off(desk.session, desk.stores, drafted.id, by=actor(desk.decider), at=AT)
    desk.session.rollback()
    recovery_endings.write_off(desk.session, desk.stores, drafted.id, by=actor(chief), at=AT)
    given = desk.session.scalars(select(Approval).where(Approval.record_id == drafted.id, Approval.amount == 10_000))
    assert [(each.matter, each.signed_by) for each in given.all()] == [
        (Matter.RECOVERY_ORDER, chief.id), (Matter.WRITE_OFF, chief.id),
    ]  # fmt: skip
