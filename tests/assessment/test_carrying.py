"""Orders assessed part after part, each on what the parts before it left, come to what all of them come to at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.assessment import assess
from portal.assessment.carrying import Outdated
from portal.domain.assessment import Enrolment, LinkPeriod
from tests.assessment.answers import seeded
from tests.assessment.assessing import terms_of
from tests.assessment.files import write_csv
from tests.assessment.town import LINKS, SEATS, delivery, line, terms
from tests.assessment.worlds import World

Answers = tuple[dict[tuple[str, ...], tuple[int, ...]], dict[tuple[str, ...], tuple[int, ...]]]
# worlds with caps of every kind, one_offs and pools by order; where a pool by acceptance ends, all is assessed again
SEEDS = (3, 5)


def run(world: World, lines: list[dict[str, Any]], folder: Path, name: str, carried: list[Path]) -> Answers:
    """(claims, their parts) of the lines; what they leave is in `folder / name`."""
    with assess(
        terms_of(world),
        lines=[write_csv(folder / f"{name}.csv", lines, list(world.lines[0]))],
        links=[LinkPeriod(**link) for link in world.links],
        enrolments=[Enrolment(**seat) for seat in world.enrolments],
        carried=carried,
        work=folder,
    ) as assessment:
        assessment.carry(folder / name)
        claims = {
            (row.programme, row.merchant_id, row.period): (row.lines, row.exact_e4, row.payable)
            for row in assessment.claims()
        }
        parts = {
            (row.programme, row.merchant_id, row.period, row.platform, row.item): (row.lines, row.amount_e4)
            for row in assessment.summaries()
        }
        return claims, parts


def half_month(row: dict[str, Any]) -> str:
    at = str(row["ordered_at"])
    return f"{at[:7]} {at[8:10] >= '15'}"


def told_within_half_months(world: World) -> World:
    """Without the orders of which rows of different half-months speak."""
    spoken = defaultdict(set)
    for row in world.lines:
        for key in keys(row):
            spoken[key].add(half_month(row))
    return replace(world, lines=[row for row in world.lines if all(len(spoken[key]) == 1 for key in keys(row))])


def keys(row: dict[str, Any]) -> set[str]:
    return {f"{row['platform']}:{row['order_no']}", row["origin_key"]} - {""}


@pytest.mark.parametrize("seed", SEEDS)
def test_half_month_by_half_month_is_what_all_at_once_is(seed: int, tmp_path: Path) -> None:
    one = replace(told_within_half_months(seeded(seed)), until=None)
    at_once = run(one, one.lines, tmp_path, "all", [])
    claims: dict[tuple[str, ...], tuple[int, ...]] = {}
    parts: dict[tuple[str, ...], tuple[int, ...]] = {}
    left: list[Path] = []
    for name in sorted({half_month(row) for row in one.lines}):
        mine = [row for row in one.lines if half_month(row) == name]
        found = run(one, mine, tmp_path, name, left)
        claims |= found[0]
        parts |= found[1]
        left.append(tmp_path / name)
    assert len(left) > 2
    assert (claims, parts) == at_once


def day(folder: Path, name: str, rows: list[dict[str, Any]], carried: list[Path], **values: Any) -> list[int]:
    """The e4 of the claims, one run after what `carried` left."""
    with assess(
        [terms([delivery(caps=[{"per": "month", "amount": 3_000}])], **values)],
        lines=[write_csv(folder / f"{name}.csv", rows, list(rows[0]))],
        links=LINKS,
        enrolments=SEATS,
        carried=carried,
        work=folder,
    ) as assessment:
        assessment.carry(folder / name)
        return [row.exact_e4 for row in assessment.claims()]


def test_a_cap_goes_on_where_it_was(tmp_path: Path) -> None:
    assert day(tmp_path, "first", [line("o1", "03-02")], []) == [16_665_000]
    assert day(tmp_path, "second", [line("o2", "03-03")], [tmp_path / "first"]) == [30_000_000]
    left = [tmp_path / "first", tmp_path / "second"]
    assert day(tmp_path, "third", [line("o3", "04-01")], left) == [30_000_000, 16_665_000]


@pytest.mark.parametrize(
    ("later", "changed", "code"),
    [
        (line("o2", "03-02"), {}, "earlier_orders"),  # at the very moment of the last order before
        (line("o1", "03-03", received_seq=2), {}, "orders_told_before"),
        (line("b1", "03-03", platform="barogo", store_id="b1", origin_key="baemin:o1"), {}, "orders_told_before"),
        (line("o9", "03-03"), {}, "orders_told_before"),  # an agency has named it before the platform tells it
        (line("o2", "03-03"), {"priority": 2}, "other_terms"),
    ],
)
def test_what_changes_the_orders_before_is_refused(
    later: dict[str, Any], changed: dict[str, Any], code: str, tmp_path: Path
) -> None:
    agency = line("b9", "03-01", platform="barogo", store_id="b1", origin_key="baemin:o9")
    day(tmp_path, "first", [line("o1", "03-02"), agency], [])
    with pytest.raises(Outdated) as refused:
        day(tmp_path, "second", [later], [tmp_path / "first"], **changed)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert not (tmp_path / "second").exists()


def test_a_pool_by_acceptance_that_ends_is_not_carried_on(tmp_path: Path) -> None:
    """The later order is of the merchant who was accepted first: the earlier one has to give way."""
    pool = [{"per": "programme", "amount": 2_000, "order_by": "accepted_at"}]
    day(tmp_path, "first", [line("o1", "03-02")], [], pool=pool)
    with pytest.raises(Outdated):
        day(tmp_path, "second", [line("o2", "03-03", store_id="s2")], [tmp_path / "first"], pool=pool)
