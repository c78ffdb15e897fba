"""The statistics as the page shows them: tables of printed figures, one for each view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.domain import periods
from portal.domain.statistics import Breakdown, BudgetRow, Row, Statistics
from portal.web.dates import month
from portal.web.policy.chart_words import translated
from reports import charts, definitions, open_data
from reports.definitions import KSIC, TITLES, figure, funnel_said


@dataclass(frozen=True, slots=True)
class Figures:
    """A table ready for the table and chart macros: `numeric` are the columns set to the right."""

    title: str
    headers: list[str]
    rows: list[list[str]]
    total: list[str] | None

    @property
    def numeric(self) -> range:
        return range(1, len(self.headers))


def page(statistics: Statistics | None) -> dict[str, Any]:
    """What the template needs besides the statistics; nothing but the words where there are none yet."""
    if statistics is None:
        return {"definitions": definitions}
    return {
        "definitions": definitions,
        "tables": tables(statistics),
        "specs": translated(charts.specs(statistics)),
        "replaced": open_data.replaced(statistics),
    }


def tables(statistics: Statistics) -> dict[str, Figures]:
    """Every table by name: budget, funnel, and one for each dimension."""
    found = {table.dimension.value: _breakdown(table) for table in statistics.breakdowns}
    return {"budget": _budget(statistics), "funnel": _funnel(statistics), **found}


def _budget(statistics: Statistics) -> Figures:
    headers = [_("재원"), _("예산현액"), _("교부결정액"), _("실집행액"), _("잔액")]
    years = {row.fiscal_year for row in statistics.budget}
    rows = [_budget_row(row, dated=len(years) > 1) for row in statistics.budget]
    return Figures(_("재원별 예산 집행"), headers, rows, _budget_row(statistics.budget_total))


def _budget_row(row: BudgetRow, *, dated: bool = False) -> list[str]:
    name = f"{row.fiscal_year} {_(row.label)}" if dated else _(row.label)
    return [name, *(figure(won) for won in (row.appropriated, row.granted, row.paid, row.left))]


def _funnel(statistics: Statistics) -> Figures:
    rows = [[_(step), figure(count)] for step, count in funnel_said(statistics.funnel)]
    return Figures(_("신청에서 지급까지"), [_("단계"), _("건수")], rows, None)


def _breakdown(table: Breakdown) -> Figures:
    title = _(TITLES[table.dimension])
    counted = [_("신청"), _("교부결정")] if table.total.applications is not None else []
    headers = [title, _("지급액"), _("지원 건수"), _("가맹점"), *counted]
    return Figures(title, headers, [_row(row) for row in table.rows], _row(table.total))


def _row(row: Row) -> list[str]:
    """A row as printed, its name first."""
    numbers = (row.paid, row.lines, row.merchants, row.applications, row.decisions)
    return [_name(row), *(figure(number) for number in numbers if number is not None)]


def _name(row: Row) -> str:
    """An industry says its code and edition: the same digits mean another trade in another edition."""
    if row.scheme.startswith(KSIC):
        edition = _("%(edition)s차", edition=row.scheme.removeprefix(KSIC).strip().removesuffix("차"))
        return f"{row.label} ({row.code}, {edition})"
    return month(row.code) if periods.is_month(row.code) else _(row.label)
