"""The statistics as open data: one tidy CSV, in UTF-8 for machines and Excel, or in CP949 for older programs.

Habits of 공공데이터 제공표준: one header row, codes as text, no thousand separators, empty means there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from portal.domain.statistics import Breakdown, Statistics
from reports.csv_table import safe
from reports.definitions import TITLES
from reports.text import UNPRINTABLE

_TEXTS = (
    "데이터기준일자",
    "제공기관코드",
    "제공기관명",
    "사업코드",
    "사업명",
    "통계구분",
    "분류체계",
    "분류코드",
    "분류명",
)
_NUMBERS = ("예산현액", "교부결정액", "실집행액", "신청건수", "교부결정건수", "지원가맹점수", "지원건수")
COLUMNS = (*_TEXTS, *_NUMBERS)
BY_SOURCE = "재원"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A cell that CP949 cannot hold: its row (1 = first data row), column, the text, and how it was written."""

    row: int
    column: str
    text: str
    written: str


def frame(statistics: Statistics) -> pd.DataFrame:
    """One row per source and per row of every table, without totals; numbers are whole or missing, never floats."""
    found = pd.DataFrame([*_budget(statistics), *_tables(statistics)], columns=list(COLUMNS))
    return found.astype(dict.fromkeys(_NUMBERS, "Int64") | dict.fromkeys(_TEXTS, "str"))


def utf8(statistics: Statistics) -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows it."""
    return _csv(statistics).encode("utf-8-sig")


def cp949(statistics: Statistics) -> bytes:
    """CP949 with a box for every character it does not know; `replaced()` says which."""
    return _fitted(_csv(statistics)).encode("cp949")


def replaced(statistics: Statistics) -> tuple[Replaced, ...]:
    """The cells that `cp949()` cannot write as they are."""
    texts = frame(statistics)[list(_TEXTS)]
    return tuple(
        Replaced(number, str(column), text, _fitted(text))
        for number, row in enumerate(texts.to_dict("records"), start=1)
        for column, text in row.items()
        if _fitted(text) != text
    )


def _csv(statistics: Statistics) -> str:
    table = frame(statistics)
    for column in _TEXTS:
        table[column] = table[column].map(safe)
    return table.to_csv(index=False, lineterminator="\r\n")


def _fitted(text: str) -> str:
    return "".join(char if _known(char) else UNPRINTABLE for char in text)


def _known(char: str) -> bool:
    try:
        char.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True


def _head(statistics: Statistics) -> list[str]:
    return [
        statistics.as_of_date.isoformat(),
        statistics.organisation_code,
        statistics.organisation,
        statistics.programme_code,
        statistics.programme,
    ]


def _budget(statistics: Statistics) -> list[list[object]]:
    return [
        [*_head(statistics), BY_SOURCE, f"{row.fiscal_year} 회계연도", row.source, row.label,
         row.appropriated, row.granted, row.paid, None, None, None, None]
        for row in statistics.budget
    ]  # fmt: skip


def _tables(statistics: Statistics) -> list[list[object]]:
    return [row for table in statistics.breakdowns for row in _rows(statistics, table)]


def _rows(statistics: Statistics, table: Breakdown) -> list[list[object]]:
    return [
        [*_head(statistics), TITLES[table.dimension], row.scheme, row.code, row.label, None, None,
         row.paid, row.applications, row.decisions, row.merchants, row.lines]
        for row in table.rows
    ]  # fmt: skip
