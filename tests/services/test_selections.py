"""Choosing by score: candidates fixed once, sheets given once and apart, ranked, confirmed, and the reserve list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import Recommendation
from portal.domain.declarations import Declaration
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted, Refusal, SamePerson
from portal.domain.notifications import Kind
from portal.domain.rankings import Outcome
from portal.domain.selections import ConfirmSelection, GiveScores
from portal.models.notifications import Notification
from portal.models.selections import Candidate, Score, Selection
from portal.queries import reservation_invariants as invariants
from portal.services import applications, decisions, declarations, notices, reviews, score_sheets, selections
from portal.storage.objects import Stores
from tests.cases import Applied, all_ticked, apply
from tests.choosing import BEFORE, LATER, OPINION, SCORED, Panel, panel
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation
from tests.first_come import standing

HIGH, MIDDLE, LOW, FAILS = ((50, 40), (50, 40)), ((50, 30), (50, 30)), ((40, 20), (40, 20)), ((30, 20), (30, 20))


def codes(refusal: Refusal) -> list[str]:
    return [problem.code for problem in refusal.problems]


def outcomes(session: Session, *cases: Applied) -> list[tuple[int | None, Outcome | None]]:
    found = [session.get_one(Candidate, case.id) for case in cases]
    return [(each.rank, each.outcome) for each in found]


KEPT = ("reserved", 500_000)


@pytest.fixture
def desk(session: Session, stores: Stores) -> Panel:
    return panel(session, stores)


def scored(desk: Panel, *marks: tuple[tuple[int, int], tuple[int, int]]) -> tuple[Selection, list[Applied]]:
    """A selection that is ranked, one candidate for each pair of sheets, in the order of their queue numbers."""
    cases = desk.candidates(len(marks))
    selection = desk.fix()
    for case, sheets in zip(cases, marks, strict=True):
        desk.score(selection, case, *sheets)
    return desk.ranked(selection), cases


def test_it_is_chosen_down_the_ranking_and_one_stands_in_reserve(desk: Panel, session: Session) -> None:
    selection, cases = scored(desk, LOW, HIGH, MIDDLE, FAILS)
    third, first, second, fails = cases
    assert desk.confirm(selection).minutes_sha256
    assert outcomes(session, first, second, third, fails) == [
        (1, Outcome.SELECTED),
        (2, Outcome.SELECTED),
        (3, Outcome.RESERVE),
        (None, Outcome.BELOW_MARK),
    ]
    assert standing(session, first.id, second.id, third.id) == [
        KEPT,
        KEPT,
        ("waiting", 0),
    ]
    told = session.scalars(
        select(Notification.kind).where(Notification.kind.in_(_KINDS)).order_by(Notification.id)
    ).all()
    assert sorted(told) == sorted([Kind.SELECTED, Kind.SELECTED, Kind.ON_RESERVE, Kind.LEFT_OUT])
    assert list(invariants.waiting_list_in_order(session)) == []
    assert list(invariants.reservations_kept(session)) == []


_KINDS = (Kind.SELECTED, Kind.ON_RESERVE, Kind.LEFT_OUT)


def test_when_one_drops_out_the_reserve_moves_up_and_is_told_by_letter(
    desk: Panel, session: Session, stores: Stores
) -> None:
    selection, (third, first, second) = scored(desk, LOW, HIGH, MIDDLE)
    desk.confirm(selection)
    with pytest.raises(InvalidTransition) as refused:
        recommend(desk, session, third)
    assert codes(refused.value) == ["on_reserve_list"]
    applications.withdraw(session, first.id, by=actor(first.owner), at=LATER + timedelta(days=1))
    assert standing(session, first.id, second.id, third.id) == [
        ("released", 0),
        KEPT,
        KEPT,
    ]
    assert notices.issue_due(session, stores, at=LATER + timedelta(days=1)) == 1
    recommend(desk, session, third)
    decisions.approve(session, stores, third.id, by=actor(desk.chair), at=LATER)
    assert standing(session, third.id) == [("used", 500_000)]
    assert list(invariants.waiting_list_in_order(session)) == []


def recommend(desk: Panel, session: Session, case: Applied) -> None:
    command = Recommendation("approve", "선정되었습니다.", all_ticked(session, case.application))
    reviews.recommend(session, case.id, command, by=actor(desk.secretary), at=LATER)


def test_places_bind_where_money_is_left(session: Session, stores: Stores) -> None:
    desk = panel(session, stores, SCORED.replace("reserve = 1", "reserve = 1\nplaces = 1"), won=5_000_000)
    selection, (first, second) = scored(desk, HIGH, MIDDLE)
    desk.confirm(selection)
    assert standing(session, first.id, second.id) == [KEPT, ("waiting", 0)]
    assert list(invariants.waiting_list_in_order(session)) == []
    applications.withdraw(session, first.id, by=actor(first.owner), at=LATER)
    assert standing(session, second.id) == [KEPT]


def test_whoever_was_not_chosen_is_not_granted_and_may_be_rejected(
    desk: Panel, session: Session, stores: Stores
) -> None:
    selection, (fails, first) = scored(desk, FAILS, HIGH)
    desk.confirm(selection)
    with pytest.raises(InvalidTransition) as refused:
        recommend(desk, session, fails)
    assert codes(refused.value) == ["not_selected"]
    reasons = "평가 점수가 기준에 미치지 못합니다."
    reviews.recommend(session, fails.id, Recommendation("reject", reasons), by=actor(desk.secretary), at=LATER)
    decisions.reject(session, stores, fails.id, reasons=reasons, by=actor(desk.chair), at=LATER)
    assert standing(session, first.id) == [KEPT]


def test_candidates_are_fixed_once_after_the_call_and_when_all_are_reviewed(
    desk: Panel, session: Session, stores: Stores
) -> None:
    by, programme_id = actor(desk.secretary), desk.programme.programme.id
    with pytest.raises(Incomplete) as nobody:
        desk.fix()
    desk.candidates(1)
    with pytest.raises(Incomplete) as early:
        selections.fix(session, programme_id, by=by, at=BEFORE)
    apply(session, stores, desk.programme, at=BEFORE)
    with pytest.raises(Incomplete) as waits:
        desk.fix()
    refusals = (nobody.value, early.value, waits.value)
    assert [codes(each) for each in refusals] == [["no_candidates"], ["call_still_open"], ["not_all_reviewed"]]


def test_a_second_time_another_office_and_an_approver_fix_nothing(desk: Panel, session: Session) -> None:
    desk.candidates(1)
    desk.fix()
    with pytest.raises(AlreadyDone):
        desk.fix()
    programme_id = desk.programme.programme.id
    with pytest.raises(NotPermitted):
        selections.fix(session, programme_id, by=actor(desk.chair), at=AT)
    other = make_official(session, Role.REVIEWER, organisation=make_organisation(session, "haenam", name="해남군"))
    with pytest.raises(NotFound):
        selections.fix(session, programme_id, by=actor(other), at=AT)


def test_a_sheet_is_given_once_and_the_database_keeps_it(desk: Panel, session: Session) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    desk.give(selection, case, desk.first, 50, 30)
    session.commit()
    with pytest.raises(AlreadyDone):
        desk.give(selection, case, desk.first, 60, 40)
    session.rollback()
    with pytest.raises(DBAPIError):
        session.execute(update(Score).values(points=1))
    session.rollback()
    with pytest.raises(Incomplete) as refused:
        desk.ranked(session.get_one(Selection, selection.id))
    assert codes(refused.value) == ["sheets_missing"]


def test_two_accounts_of_one_person_are_one_assessor(desk: Panel, session: Session) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    again = make_official(session, Role.REVIEWER, person=desk.first.person, name="평가가")
    desk.give(selection, case, desk.first, 50, 30)
    session.commit()
    with pytest.raises(AlreadyDone):
        desk.give(selection, case, again, 50, 30)


def test_nobody_scores_without_a_declaration_or_with_an_interest(desk: Panel, session: Session) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    fresh = make_official(session, Role.REVIEWER, name="새 위원", declares=False)
    with pytest.raises(NotPermitted) as silent:
        desk.give(selection, case, fresh, 50, 30)
    interest = Declaration(has_interest=True, reason="신청인의 친족입니다.")
    declarations.declare(session, case.id, interest, by=actor(fresh), at=AT)
    with pytest.raises(NotPermitted) as tied:
        desk.give(selection, case, fresh, 50, 30)
    assert [codes(silent.value), codes(tied.value)] == [["interest_undeclared"], ["interest_declared"]]


def test_a_sheet_of_whoever_declares_an_interest_later_counts_no_more(desk: Panel, session: Session) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    desk.score(selection, case, *HIGH)
    interest = Declaration(has_interest=True, reason="신청인과 거래가 있습니다.")
    declarations.declare(session, case.id, interest, by=actor(desk.second), at=AT)
    with pytest.raises(Incomplete):
        desk.ranked(selection)
    third = make_official(session, Role.REVIEWER, name="평가다")
    desk.give(selection, case, third, 50, 30)
    desk.ranked(selection)
    assert session.get_one(Candidate, case.id).score == 8_500


@pytest.mark.parametrize(
    ("points", "code"), [({"plan": 61, "need": 1}, "points_out_of_range"), ({"plan": 1}, "required")]
)
def test_a_sheet_out_of_range_is_refused(desk: Panel, session: Session, points: dict[str, int], code: str) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    with pytest.raises(Incomplete) as refused:
        score_sheets.give(session, selection.id, case.id, GiveScores(dict(points)), by=actor(desk.first), at=AT)
    assert codes(refused.value) == [code]


def test_once_ranked_no_sheet_is_taken_until_it_is_sent_back(desk: Panel, session: Session) -> None:
    selection, (case,) = scored(desk, HIGH)
    third = make_official(session, Role.REVIEWER, name="평가다")
    with pytest.raises(InvalidTransition):
        desk.give(selection, case, third, 20, 20)
    selections.send_back(session, selection.id, "평가표가 하나 더 필요합니다.", by=actor(desk.chair), at=AT)
    desk.give(selection, case, third, 20, 20)
    desk.ranked(selection)
    assert session.get_one(Candidate, case.id).score == 7_333


def test_whoever_ranked_or_scored_does_not_confirm_and_nothing_is_confirmed_twice(
    desk: Panel, session: Session
) -> None:
    selection, _cases = scored(desk, HIGH)
    for user in (desk.secretary, desk.first):
        both = make_official(
            session, desk.chair.grants[0].role, person=user.person, name="겸직", login=f"both{user.id}"
        )
        with pytest.raises(SamePerson):
            desk.confirm(selection, by=actor(both))
    with pytest.raises(Incomplete):
        selections.confirm(session, desk.stores, selection.id, ConfirmSelection(" "), by=actor(desk.chair), at=LATER)
    desk.confirm(selection)
    with pytest.raises(InvalidTransition):
        desk.confirm(selection)


def test_whoever_withdrew_before_the_ranking_is_no_candidate_any_more(desk: Panel, session: Session) -> None:
    gone, stays = desk.candidates(2)
    selection = desk.fix()
    desk.score(selection, stays, *HIGH)
    applications.withdraw(session, gone.id, by=actor(gone.owner), at=AT)
    desk.confirm(desk.ranked(selection))
    assert outcomes(session, gone, stays) == [(None, Outcome.LEFT), (1, Outcome.SELECTED)]


def test_the_minutes_are_what_was_signed(desk: Panel, stores: Stores) -> None:
    selection, _cases = scored(desk, HIGH, MIDDLE, FAILS)
    confirmed = desk.confirm(selection)
    assert stores.letters.read(confirmed.minutes_sha256 or "").startswith(b"%PDF")
    assert confirmed.opinion == OPINION


def test_one_s_own_application_is_not_scored_by_oneself(desk: Panel, session: Session) -> None:
    owner = make_merchant_user(session, name="겸업")
    mine = make_official(session, Role.REVIEWER, person=owner.person, name="겸업")
    (case,) = desk.candidates(1, owners=[owner])
    selection = desk.fix()
    with pytest.raises(NotPermitted) as refused:
        desk.give(selection, case, mine, 60, 40)
    assert codes(refused.value) == ["own_application"]


def test_nobody_ranks_or_confirms_a_selection_with_a_candidate_of_their_own(desk: Panel, session: Session) -> None:
    owner = make_merchant_user(session, name="겸업")
    mine = make_official(session, Role.REVIEWER, Role.APPROVER, person=owner.person, name="겸업")
    (case,) = desk.candidates(1, owners=[owner])
    selection = desk.fix()
    desk.score(selection, case, *HIGH)
    with pytest.raises(NotPermitted) as ranking:
        selections.order(session, selection.id, by=actor(mine), at=AT)
    desk.ranked(selection)
    with pytest.raises(NotPermitted) as confirming:
        desk.confirm(selection, by=actor(mine))
    assert [codes(ranking.value), codes(confirming.value)] == [["own_application"], ["own_application"]]
    desk.confirm(selection)
