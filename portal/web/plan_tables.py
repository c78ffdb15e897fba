"""A plan as its pages show it: rows of the tree with figures of a year or of all, and the tables of one node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import format_decimal, gettext

from portal.domain.plan_sums import Figures, Measure, Money
from portal.domain.plans import Indicator, Level, Node, Tree
from portal.queries.plans import Standing
from portal.web import labels

NOTHING = "–"
_DEPTH = {"task": (Level.FIELD, Level.TASK), "project": (Level.FIELD, Level.TASK, Level.PROJECT)}


@dataclass(frozen=True, slots=True)
class Row:
    """One node: its money and one indicator (None where it has none) of a year or of all."""

    node: Node
    money: Money
    measure: Measure | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Branch:
    """A row with the rows of what lies below it, as a phone folds them."""

    row: Row
    below: tuple[Branch, ...]


def branches(rows: Sequence[Row]) -> tuple[Branch, ...]:
    """The same rows, each within the one it belongs to; what lies deeper than they go is left out."""
    listed = {each.node.code: each for each in rows}

    def grown(found: Row) -> Branch:
        return Branch(found, tuple(grown(listed[child.code]) for child in found.node.children if child.code in listed))

    inner = {child.code for each in rows for child in each.node.children}
    return tuple(grown(each) for each in rows if each.node.code not in inner)


def tree_rows(standing: Standing, depth: str, year: int | None, indicator: str) -> list[Row]:
    """The nodes below the plan down to a depth, from the top down."""
    nodes = (node for node in standing.tree.root.walk() if node.level in _DEPTH[depth])
    return [row(standing, node, year, indicator) for node in nodes]


def child_rows(standing: Standing, node: Node, indicator: str) -> list[Row]:
    return [row(standing, child, None, indicator) for child in node.children]


def row(standing: Standing, node: Node, year: int | None, indicator: str) -> Row:
    found = standing.figures[node.code]
    if year is None:
        return Row(node, found.total, found.totals.get(indicator), found)
    measure = found.measures[indicator][year] if indicator in found.measures else None
    return Row(node, found.by_year().get(year, Money()), measure, found)


def cells(found: Row) -> list[str]:
    """The figures of a row as printed: budget, spent, rate, target, actual, rate, sub-projects heard of."""
    return [
        *_won(found.money)[1::2],
        percent(found.money.percent),
        *_measure(found.measure),
        f"{found.figures.heard}/{found.figures.projects}",
    ]


def money_rows(found: Figures) -> list[list[str]]:
    """A row for every year and source: planned, budget, committed, spent, rate."""
    return [
        [str(year), str(labels.SOURCES.get(source, source)), *_won(money), percent(money.percent)]
        for (year, source), money in sorted(found.money.items())
    ]


def money_total(found: Figures) -> list[str]:
    return [gettext("합계"), "", *_won(found.total), percent(found.total.percent)]


def year_rows(found: Figures) -> list[list[str]]:
    """The same by year, for tasks and fields."""
    return [[str(year), *_won(money), percent(money.percent)] for year, money in sorted(found.by_year().items())]


def measure_rows(found: Figures, tree: Tree) -> Iterator[list[str]]:
    """A row for every indicator and year with a target or an actual, and one over the years."""
    for code, total in found.totals.items():
        indicator = tree.indicators[code]
        for year, measure in sorted(found.measures[code].items()):
            if measure.target or measure.actual is not None:
                yield [_named(indicator), str(year), *_measure(measure)]
        yield [_named(indicator), gettext("전체 기간"), *_measure(total)]


def total_rows(found: Figures, tree: Tree) -> list[list[str]]:
    """Every indicator over the years."""
    return [[_named(tree.indicators[code]), *_measure(total)] for code, total in found.totals.items()]


def percent(found: Decimal | None) -> str:
    return NOTHING if found is None else f"{found}%"


def figure(number: int | None) -> str:
    return NOTHING if number is None else format_decimal(number)


def _named(indicator: Indicator) -> str:
    return f"{indicator.name} ({indicator.unit})"


def _won(money: Money) -> Sequence[str]:
    return [figure(won) for won in (money.planned, money.budget, money.committed, money.spent)]


def _measure(measure: Measure | None) -> list[str]:
    if measure is None:
        return [NOTHING] * 3
    return [figure(measure.target), figure(measure.actual), percent(measure.percent)]
