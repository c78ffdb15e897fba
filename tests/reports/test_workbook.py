"""The workbook: a sheet per table, numbers as numbers, codes as text, and nothing that a spreadsheet would run."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from portal.domain.statistics import Dimension
from reports import workbook
from reports.definitions import DEFINITIONS
from tests.reports.statistics_samples import FORMULA, statistics


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    found: dict[str, list[list[Any]]] = {}
    for name in book.sheet_names:
        found[name] = list(book.get_sheet_by_name(name).to_python())
    return found


@pytest.mark.parametrize("dimension", Dimension)
def test_every_sheet_adds_up_to_the_ledger(dimension: Dimension) -> None:
    found = statistics(rows=30)
    rows = sheets(workbook.render(found))[workbook.sheet_name(found.by(dimension))]
    column = rows[0].index("지급액(원)")
    amounts = [row[column] for row in rows[1:]]
    assert all(isinstance(amount, float) for amount in amounts)  # a number to the reader, not a text
    assert sum(amounts[:-1]) == amounts[-1] == found.ledger_paid


def test_budget_funnel_and_meanings_are_there() -> None:
    found = sheets(workbook.render(statistics()))
    assert found[workbook.BUDGET][-1][1:] == ["합계", 120_000_000, 1_500_000, 100_010, 118_500_000]
    assert [row[1] for row in found[workbook.FUNNEL][1:]] == [5, 4, 3, 2, 1, 0, 1]
    about = dict(found[workbook.ABOUT])
    assert about["데이터기준일자"] == "2026-11-23"
    assert about["장부 확인"].startswith("통계 합계 100,010원 = 장부 합계 100,010원")
    assert {f"용어: {name}" for name, _ in DEFINITIONS} <= about.keys()


def test_codes_keep_their_zeros_and_what_there_is_not_is_empty() -> None:
    rows = sheets(workbook.render(statistics()))["플랫폼별"]
    assert rows[1] == ["", "0201", "가나 식당가", "", "", 1, 6, 70_000]


@pytest.mark.parametrize("name", [FORMULA, "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_is_never_a_formula(name: str) -> None:
    content = workbook.render(statistics(name=name))
    assert str(sheets(content)["플랫폼별"][1][2]).startswith("'")
    with ZipFile(BytesIO(content)) as book:
        parts = [book.read(part).decode() for part in book.namelist() if part.startswith("xl/worksheets/")]
    assert not any("<f>" in part or "<hyperlinks>" in part for part in parts)


def test_the_same_statistics_are_the_same_bytes_and_a_demo_says_so() -> None:
    assert workbook.render(statistics()) == workbook.render(statistics())
    assert "데모" in dict(sheets(workbook.render(statistics(), demo=True))[workbook.ABOUT])
    assert "데모" not in dict(sheets(workbook.render(statistics(), demo=False))[workbook.ABOUT])
