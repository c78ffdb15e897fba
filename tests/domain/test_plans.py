"""A plan is read strictly, its sums are exact on every level, and what the ledger knows is never typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.domain.errors import FileRefused, Incomplete, NotFound
from portal.domain.plan_sums import Balance, Facts, Measure, Money, outside, percent, roll_up
from portal.domain.plan_texts import lost, read_plan
from portal.domain.plans import Level, check
from tests.planned import MALL, TEXT

BUSAN = Path(__file__).parents[2] / "portal/data/plans/busan-2020-contactless.toml"
TREE = read_plan(TEXT)
TODAY = date(2026, 6, 15)


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(FileRefused) as refused:
        read_plan(text, file="x.toml")
    assert {problem.file for problem in refused.value.problems} == {"x.toml"}
    return [(problem.code, problem.field) for problem in refused.value.problems]


def test_the_plan_of_busan_has_the_shape_and_the_sums_that_are_known() -> None:
    tree = read_plan(BUSAN.read_text(encoding="utf-8"))
    levels = [node.level for node in tree.root.walk()]
    assert [levels.count(level) for level in Level] == [1, 3, 12, 82]
    whole = roll_up(tree, {})[tree.root.code]
    assert (whole.total.planned, whole.totals["businesses"].target, whole.projects) == (522_400_000_000, 12_000, 82)
    linked = [node.code for node in tree.projects if node.programme]
    assert linked == ["dongbaek-mall", "service-platform", "sme-shift"]
    # What no source gives is an example: all but three names of sub-projects, every amount and every target.
    assert sum(not node.is_example("name") for node in tree.projects) == 3
    assert all(node.is_example("planned") and node.is_example("targets") for node in tree.projects)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("budget = 1_000", "budget = 999", ("plan_sum_differs", "budget")),
        ("goal = 30", "goal = 31", ("plan_sum_differs", "indicator.businesses.goal")),
        ('code = "desk"', 'code = "mall"', ("named_twice", "code")),
        ("national = 300", "national = 300.0", ("not_an_integer", "planned.2026.national")),
        ("national = 300", "lottery = 300", ("unknown_key", "planned.2026.lottery")),
        ("{ 2026 = { national", "{ 2027 = { national", ("unknown_key", "planned.2027")),
        ("targets = { }", "targets = { trees = { 2026 = 1 } }", ("unknown_key", "targets.trees")),
        ('programme = "gurye-2020-o2o"', "spent = 3", ("unknown_key", "spent")),
        ('known = ["name"]\nprogramme', 'known = ["paid"]\nprogramme', ("unknown_choice", "known")),
        ("to = 2026 }", "to = 2024 }", ("date_order", "years.to")),
        ("code =", "code", ("not_toml", "")),
    ],
)
def test_a_fault_of_the_file_is_named(before: str, after: str, found: tuple[str, str]) -> None:
    assert before in TEXT
    assert any(code == found[0] and field.endswith(found[1]) for code, field in problems(TEXT.replace(before, after)))


FACTS = {
    "linked": Facts(
        ledger={(2026, "county"): Balance(390, 120, 60), (2024, "county"): Balance(9, 0, 9)}, supported={2026: 7}
    ),
    "mall": Facts(
        spent={(2025, "national"): 90, (2025, "county"): 51},
        reached={"businesses": {2025: 5}, "rate": {2025: 0}},
        waiting=1,
    ),
}


@pytest.mark.parametrize(
    ("node", "money", "businesses"),
    [
        ("linked", Money(400, 390, 120, 60), Measure(20, 7)),  # the budget is the ledger's, not the paper's
        ("mall", Money(300, 300, 0, 141), Measure(10, 5)),
        ("market", Money(700, 690, 120, 201), Measure(30, 12)),
        ("shift", Money(700, 690, 120, 201), Measure(30, 12)),
        ("desk", Money(300, 300, 0, 0), None),
        ("small-plan", Money(1000, 990, 120, 201), Measure(30, 12)),
    ],
)
def test_every_node_is_the_sum_of_what_is_below_it(node: str, money: Money, businesses: Measure | None) -> None:
    found = roll_up(TREE, FACTS)[node]
    assert (found.total, found.totals.get("businesses")) == (money, businesses)
    assert sum(found.by_year().values(), Money()) == sum(found.by_source().values(), Money()) == money


def test_years_and_sources_are_kept_apart_and_other_years_stay_outside() -> None:
    whole = roll_up(TREE, FACTS)["small-plan"]
    assert whole.money[2025, "county"] == Money(51, 51, 0, 51)
    assert whole.by_source()["national"] == Money(400, 400, 0, 90)
    assert sorted(whole.by_year()) == [2025, 2026]
    assert outside(TREE, FACTS["linked"]) == 9


def test_nothing_reported_is_not_nought() -> None:
    found = roll_up(TREE, {})
    assert found["mall"].totals["rate"].actual is None
    assert roll_up(TREE, FACTS)["mall"].totals["rate"] == Measure(2, 0)
    assert (found["small-plan"].heard, roll_up(TREE, FACTS)["small-plan"].heard) == (0, 2)
    assert Measure(1, None) + Measure(1, 0) == Measure(2, 0)


def test_a_state_counts_by_its_last_year_and_what_does_not_add_stays_below() -> None:
    facts = {"mall": Facts(reached={"rate": {2025: 0, 2026: 3}})}
    found = roll_up(TREE, facts)
    assert found["mall"].totals["rate"] == Measure(2, 3)
    assert "rate" not in found["market"].totals


def test_reports_that_wait_are_counted_upwards() -> None:
    found = roll_up(TREE, FACTS)
    assert [found[code].waiting for code in ("mall", "shift", "office", "small-plan")] == [1, 1, 0, 1]


@pytest.mark.parametrize(("part", "whole", "said"), [(1, 3, "33.3"), (2, 3, "66.7"), (1, 16, "6.3"), (3, 2, "150.0")])
def test_a_rate_has_one_decimal_half_up(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == Decimal(said)


def test_there_is_no_rate_of_nothing() -> None:
    assert percent(1, 0) is None


def test_a_report_of_a_sub_project_that_nobody_else_counts_is_taken() -> None:
    check(MALL, TREE, TODAY)
    check(replace(MALL, spent={}, reached={"rate": 1}), TREE, TODAY)


LINKED = replace(MALL, node="linked", year=2026, as_of=TODAY)


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (replace(LINKED, spent={"county": 1}, reached={}), "plan_from_ledger", "spent_county"),
        (replace(LINKED, spent={}, reached={"businesses": 1}), "plan_from_ledger", "reached_businesses"),
        (replace(MALL, spent={"city": 1}), "unknown_choice", "spent_city"),
        (replace(MALL, reached={"trees": 1}), "unknown_choice", "reached_trees"),
        (replace(MALL, spent={"county": -1}), "plan_figure", "spent_county"),
        (replace(MALL, spent={}, reached={}), "plan_nothing_reported", ""),
        (replace(MALL, year=2024), "unknown_choice", "year"),
        (replace(MALL, as_of=date(2026, 6, 16)), "date_in_future", "as_of"),
        (replace(MALL, as_of=date(2024, 12, 31)), "plan_before_year", "as_of"),
        (replace(MALL, document=" "), "required", "document"),
        (replace(MALL, document="가" * 201), "too_long", "document"),
    ],
)
def test_a_report_that_cannot_be_is_refused(command: object, code: str, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        check(command, TREE, TODAY)  # ty: ignore[invalid-argument-type]
    assert (code, field) in [(problem.code, problem.field) for problem in refused.value.problems]


def test_only_sub_projects_are_reported_on() -> None:
    for node in ("market", "shift", "nowhere"):
        with pytest.raises(NotFound):
            check(replace(MALL, node=node), TREE, TODAY)


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ('code = "mall"', 'code = "other"', ["code"]),
        (", rate = { 2025 = 0, 2026 = 2 }", "", ["mall.rate"]),
        ('unit = "개소"', 'unit = "명"', ["mall.businesses"]),
        ("작은 육성계획", "고친 육성계획", []),
    ],
)
def test_a_new_version_keeps_what_was_reported_on(before: str, after: str, gone: list[str]) -> None:
    reported = {"mall": frozenset({"businesses", "rate"})}
    assert [each.field for each in lost(TREE, read_plan(TEXT.replace(before, after)), reported)] == gone
