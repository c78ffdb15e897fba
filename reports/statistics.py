"""The statistics as a printed report: both rates in words, a chart and a table for each view, and the ledger check."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics import renderPDF

from portal.domain.periods import document_time
from portal.domain.statistics import Breakdown, BudgetRow, Dimension, Row, Statistics
from reports import charts, definitions, tables
from reports.charts import Spec
from reports.definitions import INTERNAL, TITLES, UNIT, checked_said, figure, percent, source_said
from reports.page import BOLD, LEFT, PAGE_WIDTH, RIGHT, ROOM, Imprint, Sheet
from reports.tables import Column

_PART, _SMALL = 13, 8.5
_GAP = 10
_CHARTED = {
    Dimension.MONTH: "month",
    Dimension.REGION: "region",
    Dimension.INDUSTRY: "industry",
    Dimension.PLATFORM: "platform",
}


def render(statistics: Statistics, *, demo: bool = True) -> bytes:
    """The report's bytes, the same for the same statistics (A4, Korean font embedded)."""
    sheet = Sheet(
        Imprint(
            document_id=f"statistics {statistics.programme_code} {statistics.cut_off} {statistics.as_of.isoformat()}",
            title=f"{statistics.programme} 통계",
            author=statistics.organisation,
            issued_at=statistics.as_of,
            running_head=f"{statistics.programme} 통계 ({INTERNAL})",
            demo=demo,
        )
    )
    drawn = charts.specs(statistics)
    _front(sheet, statistics)
    _budget(sheet, statistics, drawn["budget"])
    _funnel(sheet, statistics, drawn["funnel"])
    for number, table in enumerate(statistics.breakdowns, start=3):
        chart = _CHARTED.get(table.dimension)
        _table(sheet, number, table, drawn[chart] if chart and table.rows else None)
    _back(sheet, statistics, 3 + len(statistics.breakdowns))
    return sheet.close()


def _front(sheet: Sheet, statistics: Statistics) -> None:
    sheet.gap(6)
    sheet.need(40)
    sheet.write(INTERNAL, PAGE_WIDTH - RIGHT, sheet.y - 4, font=BOLD, size=11, align="right")
    sheet.gap(14)
    sheet.text(f"{statistics.programme} 통계", font=BOLD, size=18)
    sheet.gap(4)
    sheet.rule(1.2)
    sheet.gap(4)
    tables.pairs(
        sheet,
        [
            ("기관", statistics.organisation),
            ("기준 시각", f"{document_time(statistics.as_of)} (지급 원장 {statistics.cut_off}번 기록까지)"),
            ("장부 확인", checked_said(statistics)),
            ("공개 범위", definitions.INTERNAL_NOTE),
        ],
        size=9.5,
    )


def _budget(sheet: Sheet, statistics: Statistics, chart: Spec) -> None:
    _heading(sheet, 1, "예산 집행", 150)
    for sentence in (
        definitions.GRANT_RATE % {"rate": percent(statistics.grant_rate)},
        definitions.PAID_RATE % {"rate": percent(statistics.paid_rate)},
        definitions.WHY_DIFFERENT,
    ):
        sheet.item("○", sentence, size=10.5)
    sheet.gap(4)
    if statistics.budget:
        _draw(sheet, chart, "재원별 예산현액의 쓰임 (단위: 원)")
    total = statistics.budget_total
    tables.draw(
        sheet,
        [Column("연도·재원", 2.2), *_numbers("예산현액", "교부결정액", "실집행액", "잔액", share=2)],
        [_budget_row(row) for row in statistics.budget],
        total=_budget_row(total),
        unit="(단위: 원)",
    )
    sheet.text(
        f"교부 집행률 {percent(statistics.grant_rate)} = 교부결정액 ÷ 예산현액, "
        f"실집행률 {percent(statistics.paid_rate)} = 실집행액 ÷ 예산현액. {definitions.ROUNDING}",
        size=_SMALL,
    )
    if statistics.recovered:
        sheet.text(
            f"환수한 금액 {statistics.recovered:,}원은 실집행액에서 빼고, 표의 지급액에서는 빼지 않았습니다.",
            size=_SMALL,
        )


def _funnel(sheet: Sheet, statistics: Statistics, chart: Spec) -> None:
    _heading(sheet, 2, "신청에서 지급까지", 260)
    _draw(sheet, chart, "단계별 신청 건수 (단위: 건)")
    steps = definitions.funnel_said(statistics.funnel)
    tables.draw(
        sheet,
        _numbers(*(name for name, _ in steps)),
        [[figure(count) for _, count in steps]],
        unit="(단위: 건)",
    )


def _table(sheet: Sheet, number: int, table: Breakdown, chart: Spec | None) -> None:
    title = TITLES[table.dimension]
    _heading(sheet, number, f"{title}별", 120)
    if chart is not None:
        what = "이용한 달과 지급한 달의 지급액" if table.dimension is Dimension.MONTH else f"{title}별 지급액"
        many = len(table.rows) > charts.MOST_BARS and table.dimension is not Dimension.MONTH
        _draw(sheet, chart, f"{what}{', 많은 순 10개' if many else ''} (단위: 원)")
    counted = table.total.applications is not None
    coded = any(row.scheme for row in table.rows)
    columns = [
        *([Column("코드", 1.9)] if coded else []),
        Column(title, 3.4),
        *(_numbers("신청", "교부결정", share=1.3) if counted else []),
        *_numbers("가맹점", "지원 건수", share=1.4),
        *_numbers("지급액", share=2),
    ]
    tables.draw(
        sheet,
        columns,
        [_cells(row, coded=coded) for row in table.rows],
        total=_cells(table.total, coded=coded),
        unit=UNIT if counted else "(단위: 곳, 건, 원)",
    )


def _back(sheet: Sheet, statistics: Statistics, number: int) -> None:
    _heading(sheet, number, "용어와 자료", 360)
    tables.pairs(sheet, definitions.DEFINITIONS, size=_SMALL)
    sheet.gap(8)
    for sentence in (
        f"자료: {source_said(statistics)}",
        checked_said(statistics),
        f"{definitions.ZERO} {definitions.ROUNDING} 금액은 원 단위까지 적어 반올림이 없습니다.",
    ):
        sheet.item("○", sentence, size=9)


def _heading(sheet: Sheet, number: int, title: str, room: float) -> None:
    """A part's title, on a new page unless `room` points follow it."""
    sheet.gap(16)
    sheet.need(room)
    sheet.text(f"{number}. {title}", font=BOLD, size=_PART)
    sheet.gap(4)


def _draw(sheet: Sheet, chart: Spec, caption: str) -> None:
    picture = charts.drawing(chart, ROOM)
    sheet.need(picture.height + 30)
    sheet.text(caption, font=BOLD, size=9.5)
    sheet.gap(3)
    sheet.y -= picture.height
    renderPDF.draw(picture, sheet.canvas, LEFT, sheet.y)
    sheet.gap(_GAP)


def _numbers(*titles: str, share: float = 1) -> list[Column]:
    return [Column(title, share, "right") for title in titles]


def _budget_row(row: BudgetRow) -> Sequence[str]:
    name = f"{row.fiscal_year} {row.label}" if row.fiscal_year else row.label
    return [name, *(figure(won) for won in (row.appropriated, row.granted, row.paid, row.left))]


def _cells(row: Row, *, coded: bool) -> Sequence[str]:
    counts = [row.applications, row.decisions] if row.applications is not None else []
    edition = row.scheme.removeprefix(definitions.KSIC).strip() if row.scheme.startswith(definitions.KSIC) else ""
    code = [f"{row.code} ({edition})" if edition else row.code] if coded else []
    return [
        *code,
        row.label,
        *(figure(count) for count in (*counts, row.merchants, row.lines, row.paid) if count is not None),
    ]
