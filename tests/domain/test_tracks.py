"""Ways to apply: which papers each needs, from when it is open, and what a file may not say of them."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from portal import data
from portal.domain.announcements import read_announcement
from portal.domain.errors import Problem
from portal.domain.tables import Table
from portal.domain.tracks import faults, read_tracks

NATIONAL = read_announcement(data.programme_templates()["national-delivery-2025"])
FAST = '[[track]]\ncode = "fast"\nname = "신속"\nlegal = "a"\n'
SLOW = '[[track]]\ncode = "slow"\nname = "확인"\nlegal = "b"\n'


@pytest.mark.parametrize(
    ("track", "on", "found"),
    [
        ("fast", date(2025, 2, 17), []),
        ("verified", date(2025, 4, 20), ["track_not_open"]),
        ("verified", date(2025, 4, 21), []),
        ("", date(2025, 4, 21), ["required"]),
        ("slow", date(2025, 4, 21), ["unknown_choice"]),
    ],
)
def test_a_way_is_chosen_from_its_first_day_on(track: str, on: date, found: list[str]) -> None:
    assert [each.code for each in faults(NATIONAL.tracks, track, on)] == found


def test_a_programme_without_ways_has_none_to_choose() -> None:
    assert faults((), "", date(2026, 1, 1)) == []
    assert [each.code for each in faults((), "fast", date(2026, 1, 1))] == ["unknown_choice"]


def test_the_fast_way_asks_for_nothing_and_adds_the_test_of_its_platforms() -> None:
    assert NATIONAL.papers("fast") == ()
    assert NATIONAL.questions_of("fast") == ()
    assert [each.code for each in NATIONAL.criteria("fast")][-1] == "track-fast"
    assert NATIONAL.criteria("verified") == NATIONAL.criteria() == NATIONAL.eligibility


def test_papers_follow_the_way_and_the_answers() -> None:
    assert [(paper.code, paper.required) for paper in NATIONAL.papers("verified")] == [
        ("business_registration", False),
        ("bankbook", False),
    ]
    with_proof = NATIONAL.papers("verified", {"how_delivered": "직접 배달"})
    assert [paper.code for paper in with_proof][-1] == "own_proof"


@pytest.mark.parametrize(
    ("toml", "found"),
    [
        (FAST + SLOW, []),
        (FAST + 'documents = ["bankbook"]\n' + SLOW, []),
        (FAST, [("track_alone", "track[1].code")]),
        (FAST + FAST, [("repeated", "track[2].code")]),
        (FAST + 'documents = ["passport"]\n' + SLOW, [("unknown_paper", "track[1].documents")]),
        (FAST + "short = true\nassociation = true\n" + SLOW, []),
        (FAST + "association = true\n" + SLOW, [("association_not_short", "track[1].association")]),
        (FAST + "own_delivery = -1\n" + SLOW, [("not_an_integer", "track[1].own_delivery")]),
        (FAST + "quick = true\n" + SLOW, [("unknown_key", "track[1].quick")]),
    ],
)
def test_what_a_file_may_not_say_of_ways_is_noted(toml: str, found: list[tuple[str, str]]) -> None:
    problems: list[Problem] = []
    read_tracks(Table(tomllib.loads(toml), problems).tables("track"), ["bankbook"])
    assert [(each.code, each.field) for each in problems] == found
