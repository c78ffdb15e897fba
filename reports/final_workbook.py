"""정산·실적보고서 as an XLSX workbook: the project, sources, items, results, and every disbursement by source."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook

from portal.domain.final_reports import FinalReport, Spent
from reports import execution
from reports.csv_table import safe
from reports.definitions import funnel_said
from reports.execution_workbook import COLUMNS, cells
from reports.final_report import INTEREST, project_said
from reports.page import DEMO_MARK
from reports.sheets import OPTIONS, Cell, Pen

ABOUT, SOURCES, ITEMS, RESULTS, SPENT = "사업 개요", "재원별 집행", "비목별 집행", "사업 실적", "지급 내역"


def render(found: FinalReport, *, demo: bool = True) -> bytes:
    """The workbook's bytes, the same for the same figures. Amounts are numbers, payees are masked."""
    budget = found.execution
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": safe(f"{budget.fiscal_year}년도 {found.programme.name} 정산·실적보고서"),
                "author": safe(budget.organisation),
                "created": budget.as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        pen = Pen(book)
        head = [("데모", DEMO_MARK)] if demo else []
        rows = [*head, *project_said(found), *execution.about(budget), ("이자", INTEREST)]
        pen.sheet(ABOUT, (("항목", 18), ("내용", 90)), rows)
        pen.sheet(SOURCES, COLUMNS, [cells(row) for row in budget.rows], cells(found.total))
        items = [(item.label, item.lines, item.won) for item in found.items]
        pen.sheet(ITEMS, (("비목", 28), ("지원 건수", 14), ("집행액", 18)), items, _summed(items))
        results = [*funnel_said(found.funnel), ("지원 가맹점", found.merchants)]
        pen.sheet(RESULTS, (("단계", 24), ("건수", 14)), results)
        _spent(pen, found)
    return out.getvalue()


def _spent(pen: Pen, found: FinalReport) -> None:
    sources = [(row.source, row.label) for row in found.execution.rows]
    columns = (
        ("순번", 8), ("지급번호", 28), ("상호(가림)", 24), ("지원 달", 10), ("지급일", 12),
        *((label, 14) for _, label in sources), ("금액", 16),
    )  # fmt: skip
    rows = [_line(number, each, [source for source, _ in sources]) for number, each in enumerate(found.spent, 1)]
    sums = [sum(each.shares.get(source, 0) for each in found.spent) for source, _ in sources]
    pen.sheet(SPENT, columns, rows, (None, "합계", None, None, None, *sums, found.disbursed))


def _line(number: int, each: Spent, sources: list[str]) -> tuple[Cell, ...]:
    shares = (each.shares.get(source, 0) for source in sources)
    return (number, each.reference, each.payee, each.period, each.paid_on.isoformat(), *shares, each.won)


def _summed(items: list[tuple[str, int, int]]) -> tuple[Cell, ...]:
    return ("합계", sum(lines for _, lines, _ in items), sum(won for *_, won in items))
