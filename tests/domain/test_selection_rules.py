"""How a programme chooses, read from its file: what may be said, and what contradicts itself."""

from __future__ import annotations

import pytest

from portal.domain.announcements import read_announcement
from portal.domain.errors import FileRefused
from portal.domain.programme_drafts import read, write
from portal.domain.selection_rules import Basis
from portal.domain.terms import parse_terms
from tests.choosing import LOTTERY, SCORED, text


def test_a_scored_programme_says_how() -> None:
    rules = read_announcement(text(SCORED)).selection
    assert rules is not None
    assert (rules.basis, rules.assessors, rules.pass_mark, rules.reserve, rules.places) == (
        Basis.SCORED,
        2,
        60,
        1,
        None,
    )
    assert [(each.code, each.points) for each in rules.criteria] == [("plan", 60), ("need", 40)]
    assert rules.tie_names == ("지원 필요성",)
    assert rules.sheets_needed == 2


def test_a_programme_without_the_table_chooses_nobody_and_the_money_rules_are_not_touched() -> None:
    assert read_announcement(text("")).selection is None
    assert parse_terms(text(LOTTERY)) == parse_terms(text(""))


def test_a_draft_written_by_the_editor_keeps_the_rules() -> None:
    document = read(text(SCORED))
    assert read_announcement(write(document)).selection == read_announcement(text(SCORED)).selection


def test_where_extremes_are_dropped_two_more_sheets_are_needed() -> None:
    rules = read_announcement(text(SCORED.replace("reserve = 1", "reserve = 1\ndrop_extremes = true"))).selection
    assert rules is not None
    assert rules.sheets_needed == 4


@pytest.mark.parametrize(
    ("was", "instead", "problem"),
    [
        ("points = 60", "points = 50", "selection.criterion: points_not_100 (90)"),
        ("assessors = 2", "assessors = 1", "selection.assessors: not_an_integer (1)"),
        ("pass_mark = 60", "pass_mark = 101", "selection.pass_mark: pass_mark_above_100 (101)"),
        ('ties = ["need"]', 'ties = ["luck"]', "selection.ties: unknown_choice (luck)"),
        ('code = "need"', 'code = "plan"', "selection.criterion: repeated (plan)"),
        ('basis = "scored"', 'basis = "mood"', "selection.basis: unknown_choice (mood)"),
        ('legal = "공고 제7조"\n', "", "selection.legal: missing"),
        ("reserve = 1", "reserve = 1\nplaces = 0", "selection.places: not_an_integer (0)"),
    ],
)
def test_a_contradiction_is_named_where_it_stands(was: str, instead: str, problem: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_announcement(text(SCORED.replace(was, instead)))
    assert problem in list(map(str, refused.value.problems))


def test_first_come_and_choosing_exclude_each_other() -> None:
    both = text(LOTTERY).replace('receipt_prefix = "GR"', 'receipt_prefix = "GR"\ncommitment = "acceptance"')
    with pytest.raises(FileRefused) as refused:
        read_announcement(both)
    assert [problem.code for problem in refused.value.problems] == ["selection_with_first_come"]
