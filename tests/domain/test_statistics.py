"""Rates are rounded once, and tables that do not add up are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.statistics import Dimension, Funnel, Rate, Statistics, TotalsDiffer, check
from tests.reports.statistics_samples import statistics


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 1, "0.0"), (1, 1, "100.0"), (1, 3, "33.3"), (2, 3, "66.7"), (5, 10_000, "0.1"), (49, 100_000, "0.0"),
     (163_000_000_000, 203_700_000_000, "80.0"), (9_960_000_000, 203_700_000_000, "4.9"), (10**18, 3 * 10**18, "33.3")],
)  # fmt: skip
def test_a_rate_is_rounded_half_up_to_one_decimal(part: int, whole: int, percent: str) -> None:
    assert str(Rate(part, whole).percent()) == percent


def test_without_a_budget_there_is_no_rate() -> None:
    assert Rate(0, 0).percent() is None


def _with(found: Statistics, dimension: Dimension, **changes: int) -> Statistics:
    tables = []
    for table in found.breakdowns:
        rows = table.rows
        if table.dimension is dimension:
            rows = (replace(rows[0], **changes), *rows[1:])
        tables.append(replace(table, rows=rows))
    return replace(found, breakdowns=tuple(tables))


def test_tables_that_meet_the_ledger_are_accepted() -> None:
    assert check(statistics()) == statistics()


@pytest.mark.parametrize("dimension", Dimension)
@pytest.mark.parametrize("field", ["paid", "lines"])
def test_a_row_that_is_one_off_is_refused_in_every_table(dimension: Dimension, field: str) -> None:
    row = statistics().by(dimension).rows[0]
    broken = _with(statistics(), dimension, **{field: getattr(row, field) + 1})
    with pytest.raises(TotalsDiffer) as refused:
        check(broken)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [(f"{field}_differ", dimension)]


@pytest.mark.parametrize("field", ["applications", "decisions"])
def test_counts_meet_the_funnel(field: str) -> None:
    row = statistics().by(Dimension.REGION).rows[0]
    with pytest.raises(TotalsDiffer):
        check(_with(statistics(), Dimension.REGION, **{field: getattr(row, field) + 1}))


@pytest.mark.parametrize(
    "funnel", [Funnel(5, 4, 3, 2, 1, 0, 0), Funnel(5, 2, 3, 2, 1, 0, 1), Funnel(5, 4, 3, 4, 1, 0, 1)]
)
def test_a_funnel_that_leaks_is_refused(funnel: Funnel) -> None:
    with pytest.raises(TotalsDiffer):
        check(replace(statistics(), funnel=funnel))
