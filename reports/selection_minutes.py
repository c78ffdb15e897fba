"""선정심의 결과(회의록) on paper: what was to be chosen by which rule, who assessed and who kept away, the order with
its scores or tickets, and what was resolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.periods import document_date, korean_date
from reports import tables
from reports.page import BOLD, Imprint, Sheet
from reports.tables import Column


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """A candidate: `rank` or –, its number and trade name, its average or ticket, what became of it."""

    rank: str
    number: str
    trade_name: str
    score: str
    won: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessor and how many candidates they scored."""

    name: str
    sheets: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """`rules`: the rules in sentences; `criteria`: name, points and how they are given; `away`: who kept away from
    which case (제척·기피·회피); `lottery`: its numbers, empty where it was scored; `signers`: role and name.
    """

    office: str
    programme: str
    number: str
    confirmed_at: datetime
    scored: bool
    legal: str
    rules: Sequence[str]
    criteria: Sequence[tuple[str, int, str]]
    assessors: Sequence[Assessed]
    away: Sequence[str]
    lottery: Sequence[tuple[str, str]]
    rows: Sequence[MinutesRow]
    opinion: Sequence[str]
    signers: Sequence[tuple[str, str]]
    demo: bool = True


def render(minutes: Minutes) -> bytes:
    """The minutes' bytes, the same for the same figures."""
    title = "선정심의 결과(회의록)"
    sheet = Sheet(
        Imprint(
            document_id=f"selection {minutes.office} {minutes.number} {minutes.confirmed_at.isoformat()}",
            title=title,
            author=minutes.office,
            issued_at=minutes.confirmed_at,
            running_head=f"{title} {minutes.programme}",
            demo=minutes.demo,
        )
    )
    sheet.text(title, font=BOLD, size=16)
    sheet.gap(4)
    sheet.rule(1.2)
    _opening(sheet, minutes)
    if minutes.scored:
        _assessed(sheet, minutes)
    else:
        _heading(sheet, "2. 추첨")
        tables.pairs(sheet, list(minutes.lottery), size=8.5)
        sheet.item("○", HOW_TO_REPEAT, size=8.5)
    _heading(sheet, "3. 순위와 선정")
    _ranking(sheet, minutes)
    _heading(sheet, "4. 심의 의견")
    for line in minutes.opinion:
        sheet.item("○", line, size=9.5)
    _heading(sheet, "5. 확인")
    tables.pairs(sheet, list(minutes.signers), size=9)
    return sheet.close()


HOW_TO_REPEAT = (
    "누구나 다시 계산할 수 있습니다. 열쇠 = HMAC-SHA256(봉인한 수, 명단 해시 + 줄바꿈 + 공개값 + 줄바꿈), "
    "추첨표 = HMAC-SHA256(열쇠, 접수번호)이고, 추첨표가 작은 차례가 순위입니다."
)


def _opening(sheet: Sheet, minutes: Minutes) -> None:
    _heading(sheet, "1. 심의 개요")
    tables.pairs(
        sheet,
        [
            ("사업", minutes.programme),
            ("기관", minutes.office),
            ("심의한 날", document_date(korean_date(minutes.confirmed_at))),
            ("선정 방법", "평가 점수" if minutes.scored else "추첨"),
            ("근거", minutes.legal),
            ("대상", f"{len(minutes.rows):,}건"),
        ],
        size=9,
    )
    sheet.gap(4)
    for rule in minutes.rules:
        sheet.item("○", rule, size=9)


def _assessed(sheet: Sheet, minutes: Minutes) -> None:
    _heading(sheet, "2. 평가 기준과 평가위원")
    tables.draw(
        sheet,
        [Column("기준", 2), Column("배점", 0.8, "right"), Column("평가 방법", 5)],
        [[name, str(points), description] for name, points, description in minutes.criteria],
        total=["합계", str(sum(points for _name, points, _said in minutes.criteria)), ""],
        size=8.5,
    )
    sheet.gap(6)
    tables.draw(
        sheet,
        [Column("평가위원", 2), Column("평가표", 1, "right"), Column("이해관계", 4)],
        [[each.name, f"{each.sheets:,}건", "평가한 모든 건에 이해관계가 없음을 밝힘"] for each in minutes.assessors],
        size=8.5,
    )
    for each in minutes.away:
        sheet.item("○", each, size=8.5)


def _ranking(sheet: Sheet, minutes: Minutes) -> None:
    columns = [
        Column("순위", 0.6, "right"),
        Column("접수번호", 2.75),  # a receipt number and a ticket stay on one line
        Column("상호", 2),
        Column("평균 점수" if minutes.scored else "추첨표(앞 16자)", 2, "right"),
        Column("금액(원)", 1.35, "right"),
        Column("결과", 1.3),
    ]
    tables.draw(
        sheet,
        columns,
        [[row.rank, row.number, row.trade_name, row.score, f"{row.won:,}", row.outcome] for row in minutes.rows],
        size=8.5,
    )


def _heading(sheet: Sheet, title: str) -> None:
    sheet.gap(14)
    sheet.need(90)
    sheet.text(title, font=BOLD, size=12)
    sheet.gap(6)
