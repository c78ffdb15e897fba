"""How an order ends that is not simply paid: instalments, late charges, giving it up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, SamePerson
from portal.domain.recoveries import Instalment, ProposeWriteOff, RecoveryStatus
from portal.domain.recovery_amounts import Owed
from portal.domain.recovery_rates import Cause
from portal.models.letters import Letter
from portal.models.recoveries import Recovery
from portal.queries import ledger as postings
from portal.queries import nettings, recovery_invariants
from portal.queries import recoveries as look_up
from portal.services import recovery_endings
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official
from tests.payments_made import money_is_in_order
from tests.recovered import Desk, open_desk

WHY = "폐업하여 재산이 없음을 확인하였습니다."
DOCUMENT = ProposeWriteOff(WHY, "재산조회.pdf", "application/pdf", b"%PDF-1.4 nothing left")
FIRST, SECOND = date(2026, 7, 31), date(2026, 8, 31)


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores, 100_000)


def broken(session: Session) -> list[str]:
    checks = (
        recovery_invariants.recoveries_within_payments,
        recovery_invariants.receipts_within_orders,
        recovery_invariants.recoveries_agree,
    )
    return [*money_is_in_order(session), *(found for check in checks for found in check(session))]


def last_title(session: Session) -> str | None:
    return session.scalar(select(Letter.title).order_by(Letter.id.desc()).limit(1))


def in_instalments(desk: Desk, at: datetime, amount: int = 10_000) -> Recovery:
    recovery = desk.ordered(amount)
    schedule = [Instalment(FIRST, 6_000), Instalment(SECOND, amount - 6_000)]
    recovery_endings.propose_instalments(desk.session, recovery.id, schedule, by=desk.reviewer, at=at)
    return recovery_endings.approve_instalments(desk.session, desk.stores, recovery.id, by=actor(desk.decider), at=at)


def test_a_schedule_is_proposed_by_one_and_approved_by_another_with_its_letter(desk: Desk, at: datetime) -> None:
    recovery = in_instalments(desk, at)
    assert (recovery.status, recovery.due_on) == (RecoveryStatus.IN_INSTALMENTS, FIRST)
    assert last_title(desk.session) == "분할 납부 승인 통지서"
    desk.pay(recovery, 6_000, "N1")
    assert recovery.due_on == SECOND
    desk.pay(recovery, 4_000, "N2")
    assert recovery.status is RecoveryStatus.SETTLED
    assert last_title(desk.session) == "환수 종결 통지서"
    assert broken(desk.session) == []


def test_a_schedule_that_does_not_add_up_is_refused(desk: Desk, at: datetime) -> None:
    recovery = desk.ordered(10_000)
    schedule = [Instalment(FIRST, 6_000), Instalment(SECOND, 3_000)]
    with pytest.raises(Incomplete) as refused:
        recovery_endings.propose_instalments(desk.session, recovery.id, schedule, by=desk.reviewer, at=at)
    assert [(each.code, each.value) for each in refused.value.problems] == [("instalments_sum", "9,000 / 10,000")]


def test_a_refused_schedule_leaves_the_order_as_it_was(desk: Desk, at: datetime) -> None:
    recovery = desk.ordered(10_000)
    due_on = recovery.due_on
    schedule = [Instalment(FIRST, 6_000), Instalment(SECOND, 4_000)]
    recovery_endings.propose_instalments(desk.session, recovery.id, schedule, by=desk.reviewer, at=at)
    note = "한 번에 낼 수 있다고 보입니다."
    recovery_endings.refuse_instalments(desk.session, recovery.id, note, by=actor(desk.decider), at=at)
    assert (recovery.status, recovery.due_on) == (RecoveryStatus.ORDERED, due_on)


def test_what_cannot_be_had_is_given_up_by_two_persons_with_a_document(desk: Desk, at: datetime) -> None:
    recovery = desk.ordered(10_000)
    desk.pay(recovery, 1_000, "N1")
    paid = sum(balance.paid for balance in postings.balances(desk.session))
    without = ProposeWriteOff(WHY, "", "", b"")
    with pytest.raises(Incomplete):
        recovery_endings.propose_write_off(desk.session, desk.stores, recovery.id, without, by=desk.reviewer, at=at)
    recovery_endings.propose_write_off(desk.session, desk.stores, recovery.id, DOCUMENT, by=desk.reviewer, at=at)
    recovery_endings.write_off(desk.session, desk.stores, recovery.id, by=actor(desk.decider), at=at)
    assert recovery.status is RecoveryStatus.WRITTEN_OFF
    assert look_up.owed_of(desk.session, recovery) == Owed()
    assert desk.stores.evidence.read(recovery.document_sha256 or "") == DOCUMENT.content
    balances = postings.balances(desk.session)
    assert sum(balance.receivable for balance in balances) == 0
    assert sum(balance.paid for balance in balances) == paid  # what is given up stays paid
    assert broken(desk.session) == []
    with pytest.raises(InvalidTransition):
        desk.pay(recovery, 10, "N2")


def test_nobody_gives_up_what_they_proposed_to_give_up(desk: Desk, at: datetime) -> None:
    recovery = desk.ordered(10_000)
    both = approver_and_reviewer(desk)
    recovery_endings.propose_write_off(desk.session, desk.stores, recovery.id, DOCUMENT, by=both, at=at)
    with pytest.raises(SamePerson):
        recovery_endings.write_off(desk.session, desk.stores, recovery.id, by=both, at=at)
    recovery_endings.keep(desk.session, recovery.id, "아직 받을 수 있다고 봅니다.", by=actor(desk.decider), at=at)
    assert recovery.status is RecoveryStatus.ORDERED


def approver_and_reviewer(desk: Desk) -> Actor:
    return actor(make_official(desk.session, Role.REVIEWER, Role.APPROVER, name="두 일을 하는 이"))


def test_a_false_claim_pays_interest_surcharge_and_late_charge_on_what_is_overdue(desk: Desk, at: datetime) -> None:
    """Claimed and noticed in June 2026: no interest. Surcharge 50,000; from 16 July late, by 5 September 3 %."""
    recovery = desk.ordered(10_000, cause=Cause.FALSE)
    assert look_up.owed_of(desk.session, recovery) == Owed(10_000, 0, 50_000, 0)
    late = at + timedelta(days=82)  # 5 September: a month and some days after 15 July
    desk.pay(recovery, 10_000, "N1", at=late)
    assert look_up.owed_of(desk.session, recovery) == Owed(0, 0, 50_000, 1_500)
    desk.pay(recovery, 51_500, "N2", at=late)
    assert recovery.status is RecoveryStatus.SETTLED
    assert sum(balance.receivable for balance in postings.balances(desk.session)) == 0
    assert broken(desk.session) == []


@pytest.mark.parametrize("table", ["recovery_charge", "recovery_receipt", "recovery_receipt_share"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_charges_and_receipts_refuse_to_be_changed(desk: Desk, table: str, verb: str) -> None:
    desk.pay(desk.ordered(10_000), 1_000, "N1")
    with pytest.raises(DBAPIError):
        desk.session.execute(text(verb.format(table)))


def test_an_order_whose_appeal_succeeds_is_withdrawn_by_another_decider(desk: Desk) -> None:
    before = {b.source: b.receivable for b in postings.balances(desk.session)}
    ordered, other = desk.ordered(10_000), make_official(desk.session, Role.APPROVER, name="이의신청 담당")
    desk.session.commit()
    with pytest.raises(SamePerson):
        recovery_endings.withdraw(desk.session, desk.stores, ordered.id, WHY, by=actor(desk.decider), at=AT)
    desk.session.rollback()
    with pytest.raises(Incomplete, match="too_short"):
        recovery_endings.withdraw(desk.session, desk.stores, ordered.id, "인용", by=actor(other), at=AT)
    desk.session.rollback()
    recovery_endings.withdraw(desk.session, desk.stores, ordered.id, WHY, by=actor(other), at=AT)
    assert ordered.status is RecoveryStatus.WITHDRAWN
    assert {b.source: b.receivable for b in postings.balances(desk.session)} == before
    assert nettings.open_to(desk.session, ordered.organisation_id, date(2027, 1, 1)) == []
    for check in (recovery_invariants.recoveries_agree, recovery_invariants.receipts_within_orders):
        assert list(check(desk.session)) == []
    assert desk.ordered(10_000).status is RecoveryStatus.ORDERED  # the month may be asked back anew


def test_an_order_of_which_some_came_back_is_not_withdrawn(desk: Desk) -> None:
    ordered, other = desk.ordered(10_000), make_official(desk.session, Role.APPROVER, name="이의신청 담당")
    desk.pay(ordered, 1_000, "N1")
    with pytest.raises(Conflict, match="withdraw_received"):
        recovery_endings.withdraw(desk.session, desk.stores, ordered.id, WHY, by=actor(other), at=AT)
