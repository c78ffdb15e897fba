"""예산집행현황 as an XLSX workbook: what it is, and one sheet with every programme and source, in whole won."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook

from portal.domain.execution import Execution, Row
from reports.csv_table import safe
from reports.definitions import percent
from reports.execution import about
from reports.page import DEMO_MARK
from reports.sheets import OPTIONS, Cell, Pen

ABOUT, BUDGET = "설명", "예산집행현황"
_WON = (
    "당초예산", "증감(추경·이체)", "전년도 이월액", "예산현액", "교부결정액", "전월까지 집행", "당월 집행액",
    "집행 누계", "반환·환수액", "다음 연도 이월액", "불용액", "집행잔액",
)  # fmt: skip
COLUMNS = (("사업", 34), ("재원", 12), *((name, 18) for name in _WON), ("교부 집행률", 12), ("실집행률", 12))


def render(found: Execution, *, demo: bool = True) -> bytes:
    """The workbook's bytes, the same for the same figures. Amounts are numbers."""
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": safe(f"{found.fiscal_year}년도 예산집행현황"),
                "author": safe(found.organisation),
                "created": found.as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        pen = Pen(book)
        head = [("데모", DEMO_MARK)] if demo else []
        pen.sheet(ABOUT, (("항목", 18), ("내용", 90)), [*head, *about(found)])
        pen.sheet(BUDGET, COLUMNS, [cells(row) for row in found.rows], cells(found.total))
    return out.getvalue()


def cells(row: Row) -> tuple[Cell, ...]:
    """A row of the sheet, in the order of COLUMNS."""
    return (
        row.programme, row.label, row.original, row.changed, row.brought, row.appropriated, row.granted,
        row.paid_before, row.paid_now, row.paid, row.returned, row.carried, row.lapsed, row.left,
        percent(row.grant_rate), percent(row.paid_rate),
    )  # fmt: skip
