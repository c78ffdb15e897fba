"""예산집행현황 on paper: every programme by source, with both rates, and the ledger entry up to which it counts."""

from __future__ import annotations

from collections.abc import Sequence

from portal.domain.execution import Execution, Row, together
from portal.domain.periods import document_date, document_time
from reports import tables
from reports.definitions import ROUNDING, ZERO, figure, percent
from reports.page import BOLD, Imprint, Sheet
from reports.tables import Column

_THOUSANDS_FROM = 10**10  # from 100억 on, whole won are too wide for a column of paper
_AMOUNTS = ("예산현액", "교부결정액", "당월 집행액", "집행 누계", "반환·환수액", "집행잔액")
_CLOSED = "이월·불용액"


def render(found: Execution, *, demo: bool = True) -> bytes:
    """The report's bytes, the same for the same figures (A4, Korean font embedded)."""
    title = f"{found.fiscal_year}년도 예산집행현황"
    sheet = Sheet(
        Imprint(
            document_id=f"execution {found.organisation_code} {found.fiscal_year} {found.month} {found.cut_off}",
            title=title,
            author=found.organisation,
            issued_at=found.as_of,
            running_head=f"{title} ({found.month})",
            demo=demo,
        )
    )
    sheet.text(title, font=BOLD, size=18)
    sheet.gap(4)
    sheet.rule(1.2)
    sheet.gap(4)
    tables.pairs(sheet, about(found), size=9.5)
    scale = scale_of(found.rows)
    for name, rows in found.by_programme():
        sheet.gap(14)
        sheet.need(120)
        sheet.text(name, font=BOLD, size=12)
        budget_table(sheet, rows, scale)
    if len(found.by_programme()) > 1:
        sheet.gap(14)
        sheet.need(90)
        sheet.text("모든 사업", font=BOLD, size=12)
        budget_table(sheet, (found.total,), scale)
    notes(sheet, scale)
    return sheet.close()


def about(found: Execution) -> list[tuple[str, str]]:
    """What the figures are, for the head of every product."""
    return [
        ("기관", found.organisation),
        ("회계연도", f"{found.fiscal_year}년"),
        ("기준일", f"{document_date(found.upto)}까지의 장부 기록 ({found.cut_off}번 기록까지)"),
        ("만든 때", document_time(found.as_of)),
        (
            "장부 확인",
            "재원마다 예산현액 = 남은 예산 + 미지급 교부결정액 + 실집행액 + 과년도 수입 + 이월·불용액 (모두 일치)",
        ),
    ]


def scale_of(rows: Sequence[Row]) -> int:
    """1 for whole won, 1,000 where an amount is too wide for its column."""
    return 1_000 if any(row.appropriated >= _THOUSANDS_FROM for row in rows) else 1


def budget_table(sheet: Sheet, rows: Sequence[Row], scale: int) -> None:
    """The rows of one programme and their sum; thousands are rounded after the won were added up."""
    closed = any(row.closed_out for row in rows)
    names = (*_AMOUNTS[:-1], *([_CLOSED] if closed else []), _AMOUNTS[-1])
    amounts = (Column(name, 1.7, "right") for name in names)
    columns = [Column("재원", 1.3), *amounts, Column("실집행률", 1.1, "right")]
    tables.draw(
        sheet,
        columns,
        [_cells(row, scale, closed=closed) for row in rows],
        total=_cells(together(rows), scale, closed=closed) if len(rows) > 1 else None,
        unit=f"(단위: {'천원' if scale > 1 else '원'}, %)",
        size=7.5,
    )


def notes(sheet: Sheet, scale: int) -> None:
    """How the figures are to be read."""
    sheet.gap(8)
    rounded = " 금액은 원 단위로 더한 뒤 천원에서 반올림하여 합계가 다를 수 있습니다." if scale > 1 else ""
    for note in (
        "집행잔액 = 예산현액 - 집행 누계 - 마감 때의 이월·불용액.",
        "집행 누계는 은행이 입금을 확인한 금액에서 반환·환수된 금액을 뺀 것입니다.",
        "실집행률 = 집행 누계 ÷ 예산현액. 교부결정액은 지급 전·후를 모두 포함합니다.",
        f"{ZERO} {ROUNDING}{rounded}",
    ):
        sheet.item("○", note, size=8.5)


def _cells(row: Row, scale: int, *, closed: bool) -> list[str]:
    given_away = [row.closed_out] if closed else []
    amounts = (row.appropriated, row.granted, row.paid_now, row.paid, row.returned, *given_away, row.left)
    return [row.label, *(figure(_scaled(won, scale)) for won in amounts), percent(row.paid_rate)]


def _scaled(won: int, scale: int) -> int:
    """Half up, away from zero; the same for what is below it."""
    return won if scale == 1 else (abs(won) + scale // 2) // scale * (1 if won >= 0 else -1)
