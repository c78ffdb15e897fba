"""The statistics as an XLSX workbook: what the figures mean, the budget, the funnel, and one sheet per table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.domain.statistics import Breakdown, BudgetRow, Row, Statistics
from reports import definitions
from reports.csv_table import safe
from reports.definitions import TITLES, checked_said, percent, source_said
from reports.page import DEMO_MARK

Cell = str | int | None

ABOUT, BUDGET, FUNNEL = "설명", "예산", "신청에서 지급까지"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render(statistics: Statistics, *, demo: bool = True) -> bytes:
    """The workbook's bytes, the same for the same statistics. Amounts are numbers, codes are text."""
    out = BytesIO()
    with Workbook(out, _OPTIONS) as book:
        book.set_properties(
            {
                "title": f"{safe(statistics.programme)} 통계",
                "author": safe(statistics.organisation),
                "created": statistics.as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        pen = _Pen(book)
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


class _Pen:
    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._number = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})

    def sheet(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Sequence[Sequence[Cell]],
        total: Sequence[Cell] | None = None,
    ) -> None:
        """A sheet with one header row that stays in sight; rows are written in order, as constant memory asks."""
        sheet = self._book.add_worksheet(name)
        for index, (title, width) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, title, self._head)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_paper(9)
        for number, row in enumerate(rows, start=1):
            for index, cell in enumerate(row):
                self._write(sheet, number, index, cell)
        for index, cell in enumerate(total or ()):
            self._write(sheet, len(rows) + 1, index, cell, self._total)

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell, style: Format | None = None) -> None:
        if isinstance(cell, int):
            sheet.write_number(row, column, cell, style or self._number)
        else:
            sheet.write_string(row, column, safe(cell or ""), style or self._text)


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
