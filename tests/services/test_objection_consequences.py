"""What follows from an objection that was upheld: decided on anew with money or in line, a larger grant, no order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus, Recommendation, SupplementRequest
from portal.domain.approvals import Matter
from portal.domain.errors import BudgetExhausted, Conflict, SamePerson
from portal.domain.letters import LetterKind
from portal.domain.notifications import Kind
from portal.domain.objections import ObjectionStatus, Outcome
from portal.domain.recoveries import RecoveryStatus
from portal.models.accounts import User
from portal.models.applications import Decision
from portal.models.grant_changes import GrantChange
from portal.models.letters import Letter
from portal.models.objections import Objection
from portal.models.recoveries import Recovery, RecoveryLetter
from portal.queries import (
    approval_invariants,
    approvals,
    invariants,
    lifecycle_invariants,
    notifications,
    recovery_invariants,
    reservation_invariants,
)
from portal.queries import ledger as postings
from portal.services import applications, decisions, grant_changes, objections, recovery_endings, returns, reviews
from portal.storage.objects import Stores
from tests import recovered
from tests.cases import Applied, all_ticked, apply
from tests.factories import AT, actor, make_official
from tests.first_come import GRANT, programme, standing, used
from tests.objecting import Chamber, command, open_chamber

LATER = AT + timedelta(days=3)
S = ObjectionStatus


def check(session: Session) -> None:
    for invariant in (
        reservation_invariants.reservations_kept,
        reservation_invariants.waiting_list_in_order,
        approval_invariants.approvals_stand,
        invariants.commitments_match_decisions,
        lifecycle_invariants.statuses_follow_audit,
        recovery_invariants.recoveries_agree,
    ):
        assert list(invariant(session)) == []


def recommend(chamber: Chamber, case: Applied, by: Actor) -> None:
    reviews.take_up(chamber.session, case.id, by=by, at=LATER)
    favour = Recommendation("approve", "업종을 다시 확인했습니다.", all_ticked(chamber.session, case.application))
    reviews.recommend(chamber.session, case.id, favour, by=by, at=LATER)


def upheld(chamber: Chamber, case: Applied) -> Objection:
    return chamber.answered(chamber.file(case), Outcome.GRANT, at=LATER)


def test_a_rejection_is_decided_on_anew_by_others_with_its_money_kept(session: Session, stores: Stores) -> None:
    chamber = open_chamber(session, stores)
    case = chamber.rejected()
    assert upheld(chamber, case).status is S.GRANTED
    assert (case.application.status, case.application.reviewer_id) == (ApplicationStatus.SUBMITTED, None)
    assert standing(session, case.id) == [("reserved", GRANT)]
    check(session)
    with pytest.raises(SamePerson):
        reviews.take_up(session, case.id, by=actor(chamber.reviewer), at=LATER)
    recommend(chamber, case, actor(chamber.handler))
    with pytest.raises(SamePerson):
        decisions.approve(session, stores, case.id, by=actor(chamber.approver), at=LATER)
    decisions.approve(session, stores, case.id, by=actor(chamber.decider), at=LATER)
    assert session.get_one(Decision, case.id).amount == used(session, case.application.programme_id) == GRANT
    check(session)


def test_a_return_is_taken_back_and_the_time_for_the_answer_and_the_requests_begin_anew(
    session: Session, stores: Stores
) -> None:
    chamber = open_chamber(session, stores)
    case = apply(session, stores, chamber.programme)
    reviews.take_up(session, case.id, by=actor(chamber.reviewer), at=AT)
    for day, days in ((0, 7), (10, 5)):
        asked = SupplementRequest("통장 사본이 흐립니다.", days)
        reviews.request_supplement(session, stores, case.id, asked, by=actor(chamber.reviewer), at=AT + timedelta(day))
    why = "두 차례 요구했으나 통장 사본이 보완되지 않았습니다."
    returns.give_back(session, stores, case.id, reasons=why, by=actor(chamber.approver), at=AT + timedelta(20))
    later = AT + timedelta(25)
    objection = chamber.file(case, kind=LetterKind.RETURNED, at=later)
    assert inbox(session, chamber.handler)[-1] == (Kind.OBJECTION_RAISED, objection.id)
    with pytest.raises(SamePerson):
        objections.take_up(session, objection.id, by=actor(chamber.reviewer), at=later)
    chamber.answered(objection, Outcome.GRANT, at=later)
    assert inbox(session, case.owner)[-1][0] == Kind.OBJECTION_ANSWERED
    application = case.application
    assert (application.status, application.return_reasons) == (ApplicationStatus.SUBMITTED, "")
    assert application.due_on == date(2026, 7, 30)  # fourteen working days from 10 July, the holiday of 17 July apart
    assert standing(session, case.id) == [("reserved", GRANT)]
    check(session)
    reviews.take_up(session, case.id, by=actor(chamber.handler), at=later)
    reviews.request_supplement(
        session, stores, case.id, SupplementRequest("다시 올려 주세요.", 7), by=actor(chamber.handler), at=later
    )
    assert application.status is ApplicationStatus.SUPPLEMENT_REQUESTED


def inbox(session: Session, user: User) -> list[tuple[Kind, int]]:
    """What stands in somebody's inbox, the oldest first."""
    session.flush()
    return [(line.kind, line.record_id) for line in reversed(notifications.inbox(session, actor(user)).lines)]


def test_who_finds_no_money_waits_at_the_old_place_and_is_served_first(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    chamber = open_chamber(session, stores, call)
    case = chamber.rejected()
    after, last = (apply(session, stores, call, requested=won) for won in (GRANT, 100_000))
    upheld(chamber, case)
    assert standing(session, case.id, after.id, last.id) == [("waiting", 0), ("reserved", GRANT), ("waiting", 0)]
    check(session)
    recommend(chamber, case, actor(chamber.handler))
    nested = session.begin_nested()
    with pytest.raises(BudgetExhausted):
        decisions.approve(session, stores, case.id, by=actor(chamber.decider), at=LATER)
    nested.rollback()
    applications.withdraw(session, after.id, by=actor(after.owner), at=LATER)
    assert standing(session, case.id, last.id) == [("reserved", GRANT), ("waiting", 0)]
    check(session)


def test_a_second_rejection_gives_the_money_back_once_more_and_may_be_objected_to_again(
    session: Session, stores: Stores
) -> None:
    call = programme(session, won=GRANT)
    chamber = open_chamber(session, stores, call)
    case = chamber.rejected()
    upheld(chamber, case)
    recommend(chamber, case, actor(chamber.handler))
    decisions.reject(
        session, stores, case.id, reasons="주소가 다릅니다. 지역 밖입니다.", by=actor(chamber.decider), at=LATER
    )
    assert (standing(session, case.id), used(session, call.programme.id)) == ([("released", 0)], 0)
    check(session)
    third, fourth = (make_official(session, role) for role in (Role.REVIEWER, Role.APPROVER))
    chamber.handler, chamber.decider = third, fourth
    assert upheld(chamber, case).status is S.GRANTED
    assert standing(session, case.id) == [("reserved", GRANT)]
    check(session)


def test_where_the_place_applied_anew_meanwhile_nothing_is_put_back(session: Session, stores: Stores) -> None:
    chamber = open_chamber(session, stores)
    case = chamber.rejected()
    merchant = case.application.merchant_id
    objection = chamber.drafted(chamber.file(case), Outcome.GRANT)
    applications.start(session, chamber.programme.programme.code, merchant, by=actor(case.owner), at=AT)
    with pytest.raises(Conflict) as refused:
        chamber.decide(objection)
    assert [problem.code for problem in refused.value.problems] == ["objection_other_application"]


def granted_less(chamber: Chamber, won: int = 300_000) -> Applied:
    """A grant that was lowered by a change to so many won."""
    session, case = chamber.session, apply(chamber.session, chamber.stores, chamber.programme)
    by, approver = actor(chamber.reviewer), actor(chamber.approver)
    reviews.take_up(session, case.id, by=by, at=AT)
    reviews.recommend(
        session, case.id, Recommendation("approve", "", all_ticked(session, case.application)), by=by, at=AT
    )
    decisions.approve(session, chamber.stores, case.id, by=approver, at=AT)
    change = grant_changes.ChangeGrant(won, "사업비를 낮추어 잡았습니다.")
    grant_changes.propose(session, case.id, change, by=by, at=AT)
    grant_changes.approve(session, chamber.stores, case.id, by=approver, at=AT)
    return case


@pytest.mark.parametrize(
    ("outcome", "amount", "won"), [(Outcome.GRANT, None, GRANT), (Outcome.GRANT_PARTLY, 400_000, 400_000)]
)
def test_a_grant_of_less_is_raised_by_a_change_that_another_approves(
    session: Session, stores: Stores, outcome: Outcome, amount: int | None, won: int
) -> None:
    chamber = open_chamber(session, stores)
    case = granted_less(chamber)
    objection = chamber.file(case, kind=LetterKind.DECISION_CHANGED)
    chamber.answered(objection, outcome, amount)
    waits = session.scalars(select(GrantChange).order_by(GrantChange.id.desc()).limit(1)).one()
    assert (waits.status.value, waits.amount_before, waits.amount) == ("proposed", 300_000, won)
    with pytest.raises(SamePerson):
        grant_changes.approve(session, stores, case.id, by=actor(chamber.decider), at=LATER)
    another = actor(make_official(session, Role.APPROVER))
    grant_changes.approve(session, stores, case.id, by=another, at=LATER)
    assert session.get_one(Decision, case.id).amount == used(session, case.application.programme_id) == won
    check(session)


@pytest.fixture
def desk(session: Session, stores: Stores) -> recovered.Desk:
    return recovered.open_desk(session, stores, 100_000)


@pytest.fixture
def against_order(session: Session, desk: recovered.Desk) -> Callable[[], tuple[Recovery, Objection, Chamber]]:
    def raised() -> tuple[Recovery, Objection, Chamber]:
        recovery = desk.ordered(10_000)
        chamber = open_chamber(session, desk.stores, desk.office.programme)
        told = select(RecoveryLetter.letter_id).where(RecoveryLetter.recovery_id == recovery.id)
        letter = session.scalars(select(Letter).where(Letter.id.in_(told), Letter.title == "환수 명령서")).one()
        return recovery, objections.file(session, desk.stores, command(letter.id), by=desk.owner(), at=AT), chamber

    return raised


def receivable(session: Session) -> int:
    return sum(balance.receivable for balance in postings.balances(session))


def test_an_order_is_taken_back_whole(
    session: Session, against_order: Callable[[], tuple[Recovery, Objection, Chamber]]
) -> None:
    recovery, objection, chamber = against_order()
    chamber.answered(objection, Outcome.GRANT)
    assert (recovery.status, receivable(session)) == (RecoveryStatus.WITHDRAWN, 0)
    assert approvals.stale(session, Matter.OBJECTION, [objection.id]) == set()
    check(session)


def test_an_order_under_objection_is_withdrawn_by_its_answer_alone(
    session: Session, desk: recovered.Desk, against_order: Callable[[], tuple[Recovery, Objection, Chamber]]
) -> None:
    recovery, objection, chamber = against_order()
    another = actor(make_official(session, Role.APPROVER))
    reason = "다른 기관이 환수하였음을 확인하였습니다."
    with pytest.raises(Conflict) as refused:
        recovery_endings.withdraw(session, desk.stores, recovery.id, reason, by=another, at=AT)
    assert [(each.code, each.value) for each in refused.value.problems] == [("objection_open", objection.number)]
    chamber.answered(objection, Outcome.DISMISS)
    recovery_endings.withdraw(session, desk.stores, recovery.id, reason, by=another, at=AT)


def test_an_order_upheld_in_part_is_taken_back_and_asked_anew_for_less(
    session: Session, against_order: Callable[[], tuple[Recovery, Objection, Chamber]]
) -> None:
    recovery, objection, chamber = against_order()
    chamber.answered(objection, Outcome.GRANT_PARTLY, 4_000)
    again = session.scalars(select(Recovery).order_by(Recovery.id.desc()).limit(1)).one()
    assert (recovery.status, receivable(session)) == (RecoveryStatus.WITHDRAWN, 0)
    assert (again.status, again.amount, again.period) == (RecoveryStatus.OPENED, 4_000, recovery.period)
    check(session)


def test_an_order_that_was_paid_is_not_taken_back_before_it_is_said_how_money_returns(
    session: Session, desk: recovered.Desk, against_order: Callable[[], tuple[Recovery, Objection, Chamber]]
) -> None:
    recovery, objection, chamber = against_order()
    chamber.drafted(objection, Outcome.GRANT)
    desk.pay(recovery, 10_000, "N1")
    with pytest.raises(Conflict) as refused:
        chamber.decide(objection)
    assert [(each.code, each.value) for each in refused.value.problems] == [("withdraw_received", "10,000")]


def test_whoever_ordered_it_does_not_judge_the_objection(
    session: Session, desk: recovered.Desk, against_order: Callable[[], tuple[Recovery, Objection, Chamber]]
) -> None:
    _recovery, objection, chamber = against_order()
    with pytest.raises(SamePerson):
        objections.take_up(session, objection.id, by=desk.reviewer, at=AT)
    chamber.drafted(objection, Outcome.GRANT)
    for took_part in (desk.decider, desk.office.approver):  # who ordered, and who approved what is asked back
        with pytest.raises(SamePerson):
            chamber.decide(objection, by=actor(took_part))
