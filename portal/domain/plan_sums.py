"""What a plan's nodes come to: budgets, spending and indicators of the sub-projects, rolled up to tasks, fields and the
whole. Whole won and whole figures throughout; a parent is exactly the sum of its children.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from portal.domain.money import Won
from portal.domain.plans import Indicator, Level, Node, OverYears, Tree

K = TypeVar("K")
Key = tuple[int, str]  # year and funding source


@dataclass(frozen=True, slots=True)
class Money:
    """Won of one year and source, or of many together.

    `planned`: what the plan's paper says; `budget`: of a linked node what the ledger was given, else the same as
    planned; `committed`: promised by decisions and not yet paid (only the ledger knows); `spent`: paid or reported.
    """

    planned: Won = 0
    budget: Won = 0
    committed: Won = 0
    spent: Won = 0

    def __add__(self, other: Money) -> Money:
        return Money(
            self.planned + other.planned,
            self.budget + other.budget,
            self.committed + other.committed,
            self.spent + other.spent,
        )

    @property
    def percent(self) -> Decimal | None:
        """Spent of the budget; None where there is none."""
        return percent(self.spent, self.budget)


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator's target and what was reached; None where nothing was reported, which is not the same as 0."""

    target: int = 0
    actual: int | None = None

    def __add__(self, other: Measure) -> Measure:
        known = [each for each in (self.actual, other.actual) if each is not None]
        return Measure(self.target + other.target, sum(known) if known else None)

    @property
    def percent(self) -> Decimal | None:
        return None if self.actual is None else percent(self.actual, self.target)


@dataclass(frozen=True, slots=True)
class Balance:
    """A linked programme's ledger of one year and source. What was brought from the year before is not in `budget`."""

    budget: Won = 0
    committed: Won = 0
    paid: Won = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one sub-project: `ledger` and `supported` (year -> businesses) of its programme, or what
    confirmed reports say; `waiting`: reports that wait for a second person.
    """

    ledger: Mapping[Key, Balance] = field(default_factory=dict)
    supported: Mapping[int, int] = field(default_factory=dict)
    spent: Mapping[Key, Won] = field(default_factory=dict)
    reached: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a node comes to. `measures`: indicator -> year -> measure; `totals`: indicator -> over the years.

    `projects`: sub-projects in it; `heard`: those of which anything is known; `waiting`: reports to be confirmed.
    """

    money: Mapping[Key, Money]
    measures: Mapping[str, Mapping[int, Measure]]
    totals: Mapping[str, Measure]
    projects: int = 1
    heard: int = 0
    waiting: int = 0

    @property
    def total(self) -> Money:
        return sum(self.money.values(), Money())

    def by_year(self) -> dict[int, Money]:
        return _grouped((year, money) for (year, _source), money in self.money.items())

    def by_source(self) -> dict[str, Money]:
        return _grouped((source, money) for (_year, source), money in self.money.items())


@dataclass(frozen=True, slots=True)
class Printed:
    """A plan's figures, with what stands at the head of a file of them."""

    tree: Tree
    figures: Mapping[str, Figures]
    organisation: str
    version: int
    as_of: datetime


def percent(part: int, whole: int) -> Decimal | None:
    """`41.2`, one decimal, half up; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def roll_up(tree: Tree, facts: Mapping[str, Facts]) -> dict[str, Figures]:
    """Node code -> what it comes to, for every node of the tree."""
    found: dict[str, Figures] = {}
    _sum_into(found, tree.root, tree, facts)
    return found


def outside(tree: Tree, facts: Facts) -> Won:
    """What a linked programme paid in years that the plan does not have: it counts for none of its figures."""
    return sum(balance.paid for (year, _source), balance in facts.ledger.items() if year not in tree.years)


def _sum_into(found: dict[str, Figures], node: Node, tree: Tree, facts: Mapping[str, Facts]) -> Figures:
    if node.level is Level.PROJECT:
        made = _of_project(node, tree, facts.get(node.code, Facts()))
    else:
        made = _together([_sum_into(found, child, tree, facts) for child in node.children], tree)
    found[node.code] = made
    return made


def _of_project(node: Node, tree: Tree, facts: Facts) -> Figures:
    money = {key: _planned(node, won) for key, won in node.planned.items()}
    known = {key: Money(budget=b.budget, committed=b.committed, spent=b.paid) for key, b in facts.ledger.items()}
    if not node.programme:
        known = {key: Money(spent=won) for key, won in facts.spent.items()}
    for key, more in known.items():
        if key[0] in tree.years:
            money[key] = money.get(key, Money()) + more
    measures = {
        code: _measures(node, each, tree.years, facts)
        for code, each in tree.indicators.items()
        if code in node.targets or (node.programme and each.supported)
    }
    totals = {code: _over_years(by_year, tree.indicators[code].over_years) for code, by_year in measures.items()}
    told = any(m.spent or m.committed for m in money.values()) or bool(facts.spent)
    heard = told or any(m.actual is not None for m in totals.values())
    return Figures(money, measures, totals, 1, int(heard), facts.waiting)


def _planned(node: Node, won: Won) -> Money:
    return Money(planned=won, budget=0 if node.programme else won)


def _measures(node: Node, indicator: Indicator, years: Iterable[int], facts: Facts) -> dict[int, Measure]:
    counted = bool(node.programme) and indicator.supported
    actual = facts.supported if counted else facts.reached.get(indicator.code, {})
    targets = node.targets.get(indicator.code, {})
    return {year: Measure(targets.get(year, 0), actual.get(year)) for year in years}


def _over_years(by_year: Mapping[int, Measure], how: OverYears) -> Measure:
    if how is OverYears.SUM:
        return sum(by_year.values(), Measure())
    last = [by_year[year] for year in sorted(by_year)]
    targets = [each.target for each in last if each.target]
    actuals = [each.actual for each in last if each.actual is not None]
    return Measure(targets[-1] if targets else 0, actuals[-1] if actuals else None)


def _together(parts: list[Figures], tree: Tree) -> Figures:
    adding = [code for code, each in tree.indicators.items() if each.adds and any(code in p.totals for p in parts)]
    with_it = {code: [part for part in parts if code in part.totals] for code in adding}
    return Figures(
        money=_grouped(pair for part in parts for pair in part.money.items()),
        measures={
            code: {year: sum((p.measures[code][year] for p in with_it[code]), Measure()) for year in tree.years}
            for code in adding
        },
        totals={code: sum((p.totals[code] for p in with_it[code]), Measure()) for code in adding},
        projects=sum(part.projects for part in parts),
        heard=sum(part.heard for part in parts),
        waiting=sum(part.waiting for part in parts),
    )


def _grouped(pairs: Iterable[tuple[K, Money]]) -> dict[K, Money]:
    found: dict[K, Money] = {}
    for key, money in pairs:
        found[key] = found.get(key, Money()) + money
    return found
