"""A plan as files: one tidy CSV of its sub-projects, and a workbook with the tree, the money and the indicators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook

from portal.domain.kinds import SOURCE_NAMES
from portal.domain.periods import document_time
from portal.domain.plan_sums import Money, Printed
from portal.domain.plans import Level, Node
from reports import csv_table
from reports.csv_table import safe
from reports.page import DEMO_MARK
from reports.sheets import OPTIONS, Cell, Pen

ABOUT, TREE, MONEY, INDICATORS = "설명", "계획과 실적", "연도·재원별", "목표와 실적"
LEVELS = {Level.PLAN: "계획", Level.FIELD: "분야", Level.TASK: "과제", Level.PROJECT: "세부사업"}
EXAMPLE, KNOWN = "예시", "확인"
_MONEY = ("계획액", "예산액", "미지급 교부결정액", "집행액")
CSV_COLUMNS = (
    "기준시각", "분야", "과제", "세부사업코드", "세부사업", "이름의 출처", "계획값의 출처", "연결사업코드", "구분",
    "항목", "단위", "연도", *_MONEY, "목표", "실적",
)  # fmt: skip
_NODE = (("수준", 10), ("코드", 22), ("이름", 44), ("이름의 출처", 12))
_TREE = (
    *_NODE, ("세부사업(개)", 12), ("실적 있음(개)", 13), *((name, 18) for name in _MONEY), ("집행률(%)", 10),
)  # fmt: skip
_BY_SOURCE = (*_NODE, ("연도", 8), ("재원", 12), *((name, 18) for name in _MONEY), ("집행률(%)", 10))
_REACHED = (*_NODE, ("지표", 26), ("단위", 8), ("연도", 10), ("목표", 12), ("실적", 12), ("달성률(%)", 10))


def table(printed: Printed) -> bytes:
    """UTF-8 with a mark: a row for every sub-project, year and source, and for every indicator and year."""
    return b"".join(csv_table.stream(CSV_COLUMNS, _csv_rows(printed)))


def workbook(printed: Printed, *, demo: bool = True) -> bytes:
    """The workbook's bytes, the same for the same figures. Amounts are numbers."""
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": safe(f"{printed.tree.root.name} 실적"),
                "author": safe(printed.organisation),
                "created": printed.as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        pen = Pen(book)
        pen.sheet(ABOUT, (("항목", 18), ("내용", 100)), _about(printed, demo=demo))
        nodes = list(printed.tree.root.walk())
        pen.sheet(TREE, _TREE, [_tree_row(printed, node) for node in nodes])
        pen.sheet(MONEY, _BY_SOURCE, [row for node in printed.tree.projects for row in _money_rows(printed, node)])
        pen.sheet(INDICATORS, _REACHED, [row for node in nodes for row in _reached_rows(printed, node)])
    return out.getvalue()


def _about(printed: Printed, *, demo: bool) -> list[tuple[str, str]]:
    tree = printed.tree
    return [
        *([("데모", DEMO_MARK)] if demo else []),
        ("계획", f"{tree.root.name} ({tree.root.code}), {printed.version}판"),
        ("기관", printed.organisation),
        ("기준시각", document_time(printed.as_of)),
        ("출처", tree.source),
        ("예시", tree.example_note),
        ("계획액", "계획서에 적힌 투자 계획액"),
        ("예산액", "연결된 사업은 장부의 예산현액(전년도에서 넘어온 돈은 한 번만 셈), 나머지는 계획액"),
        ("미지급 교부결정액", "연결된 사업에서 교부 결정되어 아직 지급되지 않은 금액. 나머지 세부사업은 알 수 없음"),
        ("집행액", "연결된 사업은 장부의 실집행액, 나머지는 두 사람이 확인한 보고"),
        ("실적", "보고가 없으면 빈칸(0과 다름). 사업체 수는 사업별 합계라 여러 사업에서 지원받으면 거듭 셈"),
    ]


def _head(node: Node) -> tuple[Cell, ...]:
    return LEVELS[node.level], node.code, node.name, _said(node, "name")


def _said(node: Node, part: str) -> str:
    return EXAMPLE if node.is_example(part) else KNOWN


def _won(money: Money) -> tuple[Cell, ...]:
    return money.planned, money.budget, money.committed, money.spent


def _rate(percent: object) -> str:
    return "" if percent is None else str(percent)


def _tree_row(printed: Printed, node: Node) -> tuple[Cell, ...]:
    found = printed.figures[node.code]
    return (*_head(node), found.projects, found.heard, *_won(found.total), _rate(found.total.percent))


def _money_rows(printed: Printed, node: Node) -> Iterator[tuple[Cell, ...]]:
    for (year, source), money in sorted(printed.figures[node.code].money.items()):
        yield (*_head(node), year, SOURCE_NAMES.get(source, source), *_won(money), _rate(money.percent))


def _reached_rows(printed: Printed, node: Node) -> Iterator[tuple[Cell, ...]]:
    found = printed.figures[node.code]
    for code, total in found.totals.items():
        indicator = printed.tree.indicators[code]
        years = [(str(year), measure) for year, measure in sorted(found.measures[code].items())]
        for year, measure in (*years, ("전체", total)):
            yield (
                *_head(node), indicator.name, indicator.unit, year, measure.target, measure.actual,
                _rate(measure.percent),
            )  # fmt: skip


def _csv_rows(printed: Printed) -> Iterator[tuple[Cell, ...]]:
    as_of, tree = document_time(printed.as_of), printed.tree
    for node in tree.projects:
        _root, field, task = tree.above(node.code)
        found = printed.figures[node.code]
        names, linked = (field.name, task.name, node.code, node.name, _said(node, "name")), node.programme
        for (year, source), money in sorted(found.money.items()):
            what = _said(node, "planned"), linked, "금액", SOURCE_NAMES.get(source, source), "원", year
            yield (as_of, *names, *what, *_won(money), None, None)
        for code, measures in found.measures.items():
            indicator = tree.indicators[code]
            for year, measure in sorted(measures.items()):
                what = _said(node, "targets"), linked, "지표", indicator.name, indicator.unit, year
                yield (as_of, *names, *what, None, None, None, None, measure.target, measure.actual)
