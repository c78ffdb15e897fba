"""The statistics as an XLSX workbook: what the figures mean, the budget, the funnel, and one sheet per table."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook

from portal.domain.statistics import Breakdown, BudgetRow, Row, Statistics
from reports import definitions
from reports.csv_table import safe
from reports.definitions import TITLES, checked_said, percent, source_said
from reports.page import DEMO_MARK
from reports.sheets import OPTIONS, Cell, Pen

ABOUT, BUDGET, FUNNEL = "설명", "예산", "신청에서 지급까지"


def render(statistics: Statistics, *, demo: bool = True) -> bytes:
    """The workbook's bytes, the same for the same statistics. Amounts are numbers, codes are text."""
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": f"{safe(statistics.programme)} 통계",
                "author": safe(statistics.organisation),
                "created": statistics.as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        pen = Pen(book)
        pen.sheet(ABOUT, (("항목", 24), ("내용", 90)), _about(statistics, demo=demo))
        pen.sheet(BUDGET, _BUDGET, [_budget(row) for row in statistics.budget], _budget(statistics.budget_total))
        pen.sheet(FUNNEL, (("단계", 24), ("건수", 14)), _funnel(statistics))
        for table in statistics.breakdowns:
            pen.sheet(sheet_name(table), _TABLE, [_row(row) for row in table.rows], _row(table.total))
    return out.getvalue()


def sheet_name(table: Breakdown) -> str:
    """`지역(읍·면)` -> `지역(읍·면)별`."""
    return f"{TITLES[table.dimension]}별"


_BUDGET = (("회계연도", 12), ("재원", 12), ("예산현액", 18), ("교부결정액", 18), ("실집행액", 18), ("잔액", 18))
_TABLE = (
    ("분류체계", 14),
    ("분류코드", 14),
    ("분류명", 32),
    ("신청(건)", 12),
    ("교부결정(건)", 14),
    ("지원 가맹점(곳)", 16),
    ("지원 건수(건)", 14),
    ("지급액(원)", 18),
)


def _about(statistics: Statistics, *, demo: bool) -> list[tuple[str, str]]:
    return [
        *([("데모", DEMO_MARK)] if demo else []),
        ("사업", f"{statistics.programme} ({statistics.programme_code})"),
        ("제공기관", statistics.organisation),
        ("데이터기준일자", statistics.as_of_date.isoformat()),
        ("자료", source_said(statistics)),
        ("장부 확인", checked_said(statistics)),
        ("교부 집행률", f"{percent(statistics.grant_rate)} ({definitions.ROUNDING})"),
        ("실집행률", f"{percent(statistics.paid_rate)} ({definitions.WHY_DIFFERENT})"),
        ("공개 범위", f"{definitions.INTERNAL}. {definitions.INTERNAL_NOTE}"),
        *((f"용어: {name}", meaning) for name, meaning in definitions.DEFINITIONS),
    ]


def _budget(row: BudgetRow) -> tuple[Cell, ...]:
    return (row.fiscal_year or None, row.label, row.appropriated, row.granted, row.paid, row.left)


def _funnel(statistics: Statistics) -> list[tuple[Cell, ...]]:
    return list(definitions.funnel_said(statistics.funnel))


def _row(row: Row) -> tuple[Cell, ...]:
    return (
        row.scheme, row.code, row.label, row.applications, row.decisions, row.merchants, row.lines, row.paid,
    )  # fmt: skip
