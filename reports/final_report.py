"""정산·실적보고서 on paper: the project, spent and given back by source and item, its results, the payments."""

from __future__ import annotations

from collections.abc import Sequence

from portal.domain.final_reports import FinalReport, Spent
from portal.domain.periods import document_date
from reports import execution, tables
from reports.definitions import figure, funnel_said
from reports.page import BOLD, Imprint, Sheet
from reports.tables import Column

_ON_PAPER = 200  # disbursements; the workbook holds all of them


def render(found: FinalReport, *, demo: bool = True) -> bytes:
    """The report's bytes, the same for the same figures (A4, Korean font embedded)."""
    project, budget = found.programme, found.execution
    title = f"{budget.fiscal_year}년도 {project.name} 정산·실적보고서"
    sheet = Sheet(
        Imprint(
            document_id=f"final {project.code} {budget.fiscal_year} {budget.cut_off}",
            title=title,
            author=budget.organisation,
            issued_at=budget.as_of,
            running_head=title,
            demo=demo,
        )
    )
    sheet.text(title, font=BOLD, size=16)
    sheet.gap(4)
    sheet.rule(1.2)
    _heading(sheet, "1. 사업 개요")
    tables.pairs(sheet, [*project_said(found), *execution.about(budget)], size=9)
    _heading(sheet, "2. 재원별 집행과 반환")
    scale = execution.scale_of(budget.rows)
    execution.budget_table(sheet, budget.rows, scale)
    execution.notes(sheet, scale)
    sheet.item("○", INTEREST, size=8.5)
    _heading(sheet, "3. 비목별 집행")
    _items(sheet, found)
    _heading(sheet, "4. 사업 실적")
    steps = (*funnel_said(found.funnel), ("지원 가맹점", found.merchants))
    tables.draw(
        sheet,
        [Column(name, 1, "right") for name, _ in steps],
        [[figure(count) for _, count in steps]],
        unit="(단위: 건, 곳)",
        size=8,
    )
    sheet.item("○", "신청부터 지급까지의 건수는 사업 전체 기간을 센 것입니다.", size=8.5)
    _heading(sheet, "5. 지급 내역(증빙 목록)")
    _list(sheet, found.spent)
    return sheet.close()


INTEREST = "이자: 먼저 지급하고 정산하는 돈이 없어 포털에는 이자가 없습니다. 보조금 계좌의 이자는 담당자가 덧붙입니다."


def project_said(found: FinalReport) -> list[tuple[str, str]]:
    """The project in words: what it is, and until when it is accounted for."""
    project = found.programme
    return [
        ("사업명", project.name),
        ("공고·근거", f"{project.notice_no} · {project.legal_basis}"),
        ("지원한 비용", project.cost),
        ("사업 종료", document_date(project.ended_on)),
        ("제출 기한", f"{document_date(project.due_on)} ({project.due_by})"),
        ("담당", project.contact),
    ]


def _heading(sheet: Sheet, title: str) -> None:
    sheet.gap(14)
    sheet.need(110)
    sheet.text(title, font=BOLD, size=12)
    sheet.gap(6)


def _items(sheet: Sheet, found: FinalReport) -> None:
    tables.draw(
        sheet,
        [Column("비목", 3), Column("지원 건수", 1.5, "right"), Column("집행액", 2, "right")],
        [[item.label, figure(item.lines), figure(item.won)] for item in found.items],
        total=["합계", figure(sum(item.lines for item in found.items)), figure(found.disbursed)],
        unit="(단위: 건, 원)",
        size=8.5,
    )
    sheet.item("○", "집행액은 나간 금액이며, 그 뒤 반환·환수된 금액은 재원별 표에 따로 적었습니다.", size=8.5)


def _list(sheet: Sheet, spent: Sequence[Spent]) -> None:
    shown = spent[:_ON_PAPER]
    columns = [
        Column("순번", 0.7, "right"),
        Column("지급번호", 2.6),
        Column("상호(가림)", 2),
        Column("지원 달", 1.1),
        Column("지급일", 1.4),
        Column("금액", 1.5, "right"),
    ]
    rows = [
        [str(number), each.reference, each.payee, each.period, document_date(each.paid_on), figure(each.won)]
        for number, each in enumerate(shown, start=1)
    ]
    total = ["", "합계", f"{len(spent):,}건", "", "", figure(sum(each.won for each in spent))]
    tables.draw(sheet, columns, rows, total=total, unit="(단위: 원)", size=8)
    if len(spent) > len(shown):
        sheet.item("○", f"처음 {len(shown):,}건만 적었습니다. {len(spent):,}건 모두는 엑셀 파일에 있습니다.", size=8.5)
