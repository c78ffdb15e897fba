"""A case has an officer in charge: given with a history that stays, told to the officer, and widening nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.absences import EnterAbsence
from portal.domain.actors import Role
from portal.domain.applications import Recommendation
from portal.domain.assignments import Assign, How
from portal.domain.declarations import Declaration
from portal.domain.errors import Incomplete, NotFound, NotPermitted, Refusal, SamePerson
from portal.domain.notifications import Kind
from portal.domain.reviews import Filters
from portal.models.assignments import Assignment
from portal.models.notifications import Notification
from portal.queries import assignments as known
from portal.queries import audit, work_queue
from portal.services import absences, assignments, decisions, declarations, reviews
from portal.storage.objects import Stores
from tests.cases import all_ticked, apply
from tests.distributed import Team, open_team
from tests.factories import AT, actor, make_official, make_organisation

WHY = "담당이 바뀌었습니다."


@pytest.fixture
def team(session: Session, stores: Stores) -> Team:
    return open_team(session, stores, cases=1)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def give(team: Team, officer: int, reason: str = "") -> None:
    assignments.assign(team.session, team.ids[0], Assign(officer, reason), by=team.by, at=AT)


def test_the_officer_has_the_case_on_their_desk_and_a_line_in_their_inbox(team: Team) -> None:
    first, second = team.officers
    give(team, first.id)
    told = team.session.scalars(select(Notification).where(Notification.kind == Kind.CASE_ASSIGNED)).all()
    assert [(line.account_id, line.record_id) for line in told] == [(first.id, team.ids[0])]
    for view in ("mine", "my_turn"):
        found = [
            work_queue.page(team.session, actor(who), Filters(view=view), on=AT.date()).rows for who in (first, second)
        ]
        assert [len(rows) for rows in found] == [1, 0], view
    assert audit.timeline(team.session, "application", team.ids[0])[-1].action == "submit"  # nothing for the applicant


def test_a_change_of_hands_needs_a_reason_and_its_history_cannot_be_changed(team: Team) -> None:
    first, second = team.officers
    give(team, first.id)
    with pytest.raises(Incomplete) as refused:
        give(team, second.id)
    assert codes(refused) == ["reassign_reason"]
    give(team, second.id, WHY)
    hands = known.history(team.session, team.ids[0])
    assert [(hand.officer, hand.before, hand.how, hand.reason) for hand in hands] == [
        ("담당2", "담당1", How.ASSIGNED, WHY),
        ("담당1", "", How.ASSIGNED, ""),
    ]
    with pytest.raises(DBAPIError, match="append-only"), team.session.begin_nested():
        team.session.execute(update(Assignment).values(reason="다른 사유"))


def test_taking_up_is_a_change_of_hands_too_and_the_same_hands_are_none(team: Team) -> None:
    first, second = team.officers
    give(team, first.id)
    reviews.take_up(team.session, team.ids[0], by=actor(first), at=AT)
    assert [hand.how for hand in known.history(team.session, team.ids[0])] == [How.ASSIGNED]
    give(team, second.id, WHY)
    assert team.cases[0].application.reviewer_id == second.id


def test_an_interest_puts_the_case_down_and_keeps_the_officer_away_from_it(team: Team) -> None:
    first, second = team.officers
    give(team, first.id)
    tied = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")
    declarations.declare(team.session, team.ids[0], tied, by=actor(first), at=AT)
    assert team.cases[0].application.reviewer_id is None
    assert known.history(team.session, team.ids[0])[0].how is How.GIVEN_BACK
    with pytest.raises(Incomplete) as refused:
        give(team, first.id)
    assert codes(refused) == ["officer_interest"]
    give(team, second.id)


def test_who_is_absent_or_reviews_nothing_or_works_elsewhere_is_given_nothing(team: Team) -> None:
    first, second = team.officers
    day = AT.date()
    absences.enter(team.session, EnterAbsence(first.id, second.id, day, day, "연가"), by=actor(first), at=AT)
    with pytest.raises(Incomplete) as refused:
        give(team, first.id)
    assert codes(refused) == ["officer_absent"]
    elsewhere = make_organisation(team.session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = make_official(team.session, Role.REVIEWER, organisation=elsewhere)
    for nobody in (team.chief.id, stranger.id, 987_654):
        with pytest.raises(Incomplete) as refused:
            give(team, nobody)
        assert codes(refused) == ["unknown_choice"]
    give(team, second.id)


def test_only_who_distributes_may_and_only_the_offices_own_cases(team: Team) -> None:
    command = Assign(team.officers[0].id)
    for role in (Role.REVIEWER, Role.PAYER, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            assignments.assign(team.session, team.ids[0], command, by=actor(make_official(team.session, role)), at=AT)
    elsewhere = make_organisation(team.session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = actor(make_official(team.session, Role.APPROVER, organisation=elsewhere))
    with pytest.raises(NotFound):
        assignments.assign(team.session, team.ids[0], command, by=foreign, at=AT)
    manager = actor(make_official(team.session, Role.MANAGER))
    assignments.assign(team.session, team.ids[0], command, by=manager, at=AT)


def test_being_in_charge_opens_no_step_that_was_closed(team: Team, stores: Stores) -> None:
    """One who reviewed and also approves stays apart, whoever is in charge by then."""
    both = make_official(team.session, Role.REVIEWER, Role.APPROVER, name="둘다")
    case = team.cases[0]
    reviews.take_up(team.session, case.id, by=actor(both), at=AT)
    ticked = all_ticked(team.session, case.application)
    reviews.recommend(
        team.session, case.id, Recommendation("approve", "요건을 갖추었습니다.", ticked), by=actor(both), at=AT
    )
    give(team, team.officers[0].id, WHY)
    give(team, both.id, "다시 맡깁니다.")
    with pytest.raises(SamePerson):
        decisions.approve(team.session, stores, case.id, by=actor(both), at=AT)
    with pytest.raises(NotPermitted):
        decisions.approve(team.session, stores, case.id, by=actor(team.officers[0]), at=AT)
    decisions.approve(team.session, stores, case.id, by=team.by, at=AT)
    with pytest.raises(Incomplete) as refused:
        give(team, team.officers[1].id, WHY)
    assert codes(refused) == ["case_decided"]


def test_nobody_distributes_a_case_they_are_tied_to(team: Team) -> None:
    tied = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")
    declarations.declare(team.session, team.ids[0], tied, by=team.by, at=AT)
    with pytest.raises(NotPermitted) as refused:
        give(team, team.officers[0].id)
    assert codes(refused) == ["interest_declared"]
    other = apply(team.session, team.stores, team.programme)
    assignments.assign(team.session, other.id, Assign(team.officers[0].id), by=team.by, at=AT)
