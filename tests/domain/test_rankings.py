"""From sheets to ranks and from ranks to who is chosen; the figures are by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from portal.domain.errors import Incomplete
from portal.domain.rankings import Outcome, Sheet, Wanted, choose, hundredths, rank, sheet_problems
from portal.domain.selection_rules import Basis, ScoreCriterion, SelectionRules

CRITERIA = (ScoreCriterion("plan", "계획", 60, ""), ScoreCriterion("need", "필요", 40, ""))
RULES = SelectionRules(Basis.SCORED, "공고", None, 1, CRITERIA, assessors=2, pass_mark=60, ties=("need",))
X = Outcome
HALF = {"national": Decimal("0.5"), "county": Decimal("0.5")}


def sheets(candidate: int, *given: tuple[int, int]) -> list[Sheet]:
    return [Sheet(candidate, person, {"plan": p, "need": n}) for person, (p, n) in enumerate(given, start=1)]


def ranks(queue: dict[int, int], given: list[Sheet], rules: SelectionRules = RULES) -> list[tuple[int, int | None]]:
    return [(each.candidate, each.rank) for each in rank(queue, given, rules)]


def test_the_higher_average_ranks_first_whatever_came_first() -> None:
    given = [*sheets(1, (40, 30), (40, 31)), *sheets(2, (50, 30), (41, 30))]
    found = rank({1: 1, 2: 2}, given, RULES)
    assert [(each.candidate, each.rank, each.score) for each in found] == [
        (2, 1, Fraction(151, 2)),
        (1, 2, Fraction(141, 2)),
    ]
    assert not any(each.tied for each in found)


def test_between_equal_averages_the_stated_criterion_decides_and_then_the_queue_number() -> None:
    same = (*sheets(1, (50, 30), (50, 30)), *sheets(2, (45, 35), (45, 35)), *sheets(3, (50, 30), (50, 30)))
    assert ranks({1: 9, 2: 8, 3: 7}, list(same)) == [(2, 1), (3, 2), (1, 3)]
    assert all(each.tied for each in rank({1: 9, 2: 8, 3: 7}, list(same), RULES))


def test_averages_of_different_numbers_of_sheets_are_compared_as_fractions_and_shown_half_up() -> None:
    rules = SelectionRules(Basis.SCORED, "", None, 0, CRITERIA, assessors=2)
    first = sheets(1, (50, 30), (50, 30), (50, 31))  # 80 1/3
    second = [*sheets(2, (50, 30), (50, 30), (50, 31)), Sheet(2, 4, {"plan": 50, "need": 31})]  # 80 1/2
    assert ranks({1: 1, 2: 2}, [*first, *second], rules) == [(2, 1), (1, 2)]
    assert [hundredths(Fraction(n, 3)) for n in (241, 242)] == [8033, 8067]
    assert hundredths(Fraction(1, 200)) == 1  # half a hundredth: up


def test_below_the_pass_mark_there_is_no_rank_and_exactly_on_it_there_is() -> None:
    given = [*sheets(1, (40, 20), (40, 19)), *sheets(2, (40, 20), (40, 20))]
    assert ranks({1: 1, 2: 2}, given) == [(2, 1), (1, None)]


def test_one_sheet_too_few_or_two_of_one_person_are_refused() -> None:
    enough = sheets(1, (40, 30), (40, 30))
    for given in (enough[:1], [enough[0], enough[0]]):
        with pytest.raises(Incomplete) as refused:
            rank({1: 1}, given, RULES)
        assert [problem.code for problem in refused.value.problems] == ["sheets_missing"]


def test_without_the_extremes_a_lone_friend_and_a_lone_foe_decide_nothing() -> None:
    rules = SelectionRules(Basis.SCORED, "", None, 0, CRITERIA, assessors=2, drop_extremes=True)
    given = [
        *sheets(1, (60, 40), (40, 30), (40, 30), (0, 0)),
        *sheets(2, (42, 30), (42, 30), (40, 30), (40, 30)),
    ]
    found = rank({1: 1, 2: 2}, given, rules)
    assert [(each.candidate, each.score, each.counted) for each in found] == [
        (2, Fraction(71), 2),
        (1, Fraction(70), 2),
    ]


@pytest.mark.parametrize(
    ("points", "codes"),
    [
        ({"plan": 60, "need": 0}, []),
        ({"plan": 61, "need": 0}, ["points_out_of_range"]),
        ({"plan": -1, "need": 41}, ["points_out_of_range", "points_out_of_range"]),
        ({"plan": 60, "need": None}, ["required"]),
        ({"plan": 60}, ["required"]),
        ({"plan": 60, "need": 1, "luck": 1}, ["unknown_choice"]),
    ],
)
def test_a_sheet_has_all_its_points_and_none_beyond(points: dict[str, int | None], codes: list[str]) -> None:
    assert [problem.code for problem in sheet_problems(points, RULES)] == codes


@pytest.mark.parametrize(
    ("left", "places", "reserve", "last_place", "outcomes"),
    [
        (1_000, None, 1, "none", [X.SELECTED, X.SELECTED, X.RESERVE, X.NOT_SELECTED]),
        (999, None, 1, "none", [X.SELECTED, X.RESERVE, X.NOT_SELECTED, X.NOT_SELECTED]),
        (999, None, 1, "partial", [X.SELECTED, X.SELECTED, X.RESERVE, X.NOT_SELECTED]),
        (9_000, 1, 2, "none", [X.SELECTED, X.RESERVE, X.RESERVE, X.NOT_SELECTED]),
        (9_000, None, 0, "none", [X.SELECTED] * 4),
        (0, None, 2, "none", [X.RESERVE, X.RESERVE, X.NOT_SELECTED, X.NOT_SELECTED]),
    ],
)
def test_it_is_chosen_down_the_ranking_within_places_and_money(
    left: int, places: int | None, reserve: int, last_place: str, outcomes: list[Outcome]
) -> None:
    wanted = [Wanted(number, 500) for number in range(1, 5)]
    money = {"national": (left + 1) // 2, "county": left // 2}
    found = choose(wanted, HALF, money, places=places, reserve=reserve, last_place=last_place)
    assert [found[each.candidate] for each in wanted] == outcomes


def test_nobody_overtakes_who_did_not_fit_and_below_the_mark_nobody_stands_in_reserve() -> None:
    wanted = [Wanted(1, 600), Wanted(2, 600), Wanted(3, 100), Wanted(4, 100, passed=False)]
    found = choose(wanted, HALF, {"national": 500, "county": 500}, places=None, reserve=5)
    assert list(found.values()) == [X.SELECTED, X.RESERVE, X.RESERVE, X.BELOW_MARK]


def test_of_63_proposals_for_a_call_without_money_the_six_best_are_chosen() -> None:
    """As in the ministry's call for platforms of 2020: 63 firms proposed, 6 were chosen."""
    given = [
        sheet for firm in range(1, 64) for sheet in sheets(firm, (firm % 60, 40), (firm % 60, 39), (firm % 60, 38))
    ]
    rules = SelectionRules(Basis.SCORED, "공고", 6, 3, CRITERIA, assessors=3, pass_mark=60)
    ranking = rank({firm: firm for firm in range(1, 64)}, given, rules)
    wanted = [Wanted(each.candidate, 0, each.rank is not None) for each in ranking]
    found = choose(wanted, HALF, {}, places=6, reserve=3)
    assert [firm for firm, outcome in found.items() if outcome is X.SELECTED] == [59, 58, 57, 56, 55, 54]
    assert [firm for firm, outcome in found.items() if outcome is X.RESERVE] == [53, 52, 51]
    assert list(found.values()).count(X.BELOW_MARK) == 24  # 60 of 100 needs 21 of 60 for the plan
