"""Statistics of a programme at one cut-off of the ledger: what they are made of, and that they add up to the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from portal.domain.errors import Conflict, Problem
from portal.domain.money import Won
from portal.domain.periods import korean_date


class TotalsDiffer(Conflict):
    """A table does not add up to the ledger (invariant I18) or to the funnel: such statistics are not shown."""

    code = "totals_differ"


class Dimension(StrEnum):
    """What a table is broken down by. PAY_MONTH: month in which the bank paid; MONTH: month that the claim is for."""

    MONTH = "month"
    PAY_MONTH = "pay_month"
    REGION = "region"
    DIVISION = "division"
    INDUSTRY = "industry"
    PLATFORM = "platform"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of the budget, kept as its two whole amounts so that nothing is lost before it is printed."""

    part: Won
    whole: Won

    def percent(self) -> Decimal | None:
        """Per cent with one decimal, rounded half up once, at the end; None where there is no budget."""
        if self.whole == 0:
            return None
        with localcontext(prec=50):
            return (Decimal(self.part) * 100 / Decimal(self.whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One source of a year in won: 예산현액, 교부결정액, 실집행액 (paid to merchants); `left`: not promised."""

    fiscal_year: int
    source: str
    label: str
    appropriated: Won
    granted: Won
    paid: Won

    @property
    def left(self) -> Won:
        """현액 - 교부결정액."""
        return self.appropriated - self.granted


@dataclass(frozen=True, slots=True)
class Funnel:
    """Applications by how far they came. `eligible`: a reviewer found the conditions met and put them forward.

    `paid`: those with at least one payment; `withdrawn`: or returned (반려); `waiting`: neither decided
    nor withdrawn.
    """

    applied: int
    eligible: int
    selected: int
    paid: int
    rejected: int
    withdrawn: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `scheme` names the code's system and edition; `applications` and `decisions` are None where
    the dimension has none (platforms, items, months of payment). `lines`: supported deliveries and promotions.
    """

    code: str
    label: str
    scheme: str
    applications: int | None
    decisions: int | None
    merchants: int
    lines: int
    paid: Won


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table with its totals row. Merchants of the total are counted once, however many rows they stand in."""

    dimension: Dimension
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything that page, PDF, workbook and open data show. `cut_off`: the last ledger entry that counts.

    `recovered`: won that came back; the tables count what was paid out, 실집행액 of the budget is less by it.
    """

    programme_code: str
    programme: str
    organisation_code: str
    organisation: str
    as_of: datetime
    cut_off: int
    budget: tuple[BudgetRow, ...]
    funnel: Funnel
    breakdowns: tuple[Breakdown, ...]
    recovered: Won = 0

    def by(self, dimension: Dimension) -> Breakdown:
        return next(table for table in self.breakdowns if table.dimension is dimension)

    @property
    def whole(self) -> Row:
        """The totals over everything."""
        return self.by(Dimension.MONTH).total

    @property
    def as_of_date(self) -> date:
        """데이터기준일자."""
        return korean_date(self.as_of)

    @property
    def budget_total(self) -> BudgetRow:
        rows = self.budget
        sums = (sum(row.appropriated for row in rows), sum(row.granted for row in rows), sum(row.paid for row in rows))
        return BudgetRow(0, "", "합계", *sums)

    @property
    def grant_rate(self) -> Rate:
        """교부 집행률: what decisions promised, of the budget."""
        return Rate(self.budget_total.granted, self.budget_total.appropriated)

    @property
    def paid_rate(self) -> Rate:
        """실집행률: what reached merchants, of the budget."""
        return Rate(self.budget_total.paid, self.budget_total.appropriated)

    @property
    def ledger_paid(self) -> Won:
        """The ledger's own total of what was paid out, which every table has to meet."""
        return self.budget_total.paid + self.recovered


def check(statistics: Statistics) -> Statistics:
    """The same statistics, if every table adds up to the ledger's paid total and to the funnel. Raises TotalsDiffer."""
    problems = [*_tables_off(statistics), *_funnel_off(statistics.funnel)]
    if problems:
        raise TotalsDiffer(problems=problems)
    return statistics


def _tables_off(statistics: Statistics) -> Iterator[Problem]:
    lines = {table.total.lines for table in statistics.breakdowns}
    if len(lines) > 1:
        yield Problem("lines_differ", "lines", ", ".join(map(str, sorted(lines))))
    for table in statistics.breakdowns:
        goals = {
            "paid": statistics.ledger_paid,
            "lines": table.total.lines,
            "applications": statistics.funnel.applied,
            "decisions": statistics.funnel.selected,
        }
        for field, goal in goals.items():
            cells = [getattr(row, field) for row in table.rows if getattr(row, field) is not None]
            total = getattr(table.total, field)
            if total is not None and (sum(cells) != goal or total != goal):
                found = f"{sum(cells)}/{total} != {goal}"
                yield Problem(f"{field}_differ", table.dimension.value, found)


def _funnel_off(funnel: Funnel) -> Iterator[Problem]:
    ends = funnel.selected + funnel.rejected + funnel.withdrawn + funnel.waiting
    if ends != funnel.applied:
        yield Problem("funnel_differs", "applied", f"{ends} != {funnel.applied}")
    if not funnel.paid <= funnel.selected <= funnel.eligible <= funnel.applied:
        steps = (funnel.applied, funnel.eligible, funnel.selected, funnel.paid)
        yield Problem("funnel_differs", "steps", " / ".join(map(str, steps)))
