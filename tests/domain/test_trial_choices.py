"""What the decision basis of a draft would do with a made-up applicant: all, first come, scored, by lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.announcements import Announcement, read_announcement
from portal.domain.terms import parse_terms
from portal.domain.trial_choices import Contest, Way, decide, problems_in, way_of
from tests.choosing import LOTTERY, SCORED, text
from tests.first_come import text as first_come

ON = date(2026, 6, 15)
ALL = text("", won=1_000_000)
GOOD, BAD = {"plan": 50, "need": 30}, {"plan": 20, "need": 10}


def told(found: str, contest: Contest) -> tuple[str, int, int | None]:
    announcement = read_announcement(found)
    contest = replace(contest, requested=contest.requested or 500_000)
    choice = decide(announcement, parse_terms(found).funding, contest, "code", ON)
    return choice.outcome.value, choice.place, choice.score


@pytest.mark.parametrize(
    ("found", "contest", "outcome"),
    [
        (ALL, Contest(others=1), ("selected", 2, None)),
        (ALL, Contest(others=2), ("not_selected", 3, None)),
        (ALL, Contest(others=4, requested=200_000), ("selected", 5, None)),
        (first_come(won=1_000_000), Contest(others=2), ("reserve", 3, None)),
        (text(SCORED), Contest(0, GOOD), ("selected", 1, 80)),
        (text(SCORED), Contest(0, BAD), ("below_mark", 1, 30)),
        (text(SCORED), Contest(2, GOOD), ("reserve", 3, 80)),
        (text(SCORED), Contest(3, GOOD), ("not_selected", 4, 80)),
        (text(LOTTERY), Contest(0), ("selected", 1, None)),
    ],
)
def test_what_would_come_of_it(found: str, contest: Contest, outcome: tuple[str, int, int | None]) -> None:
    assert told(found, contest) == outcome


def test_a_rehearsed_draw_gives_a_place_among_all_and_the_same_again() -> None:
    first, again = (told(text(LOTTERY), Contest(99)) for _ in range(2))
    assert first == again
    assert 1 <= first[1] <= 100


def says(found: str) -> Announcement:
    return read_announcement(found)


def test_ways_and_what_is_wrong_with_a_contest() -> None:
    assert [way_of(says(each)) for each in (ALL, first_come(won=1), text(SCORED), text(LOTTERY))] == list(Way)
    assert [each.code for each in problems_in(says(ALL), Contest(20_001))] == ["trial_others"]
    assert {each.field for each in problems_in(says(text(SCORED)), Contest(0, {"plan": 61}))} == {
        "points-plan",
        "points-need",
    }
    assert problems_in(says(text(SCORED)), Contest(0, GOOD)) == []
