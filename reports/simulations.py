"""A simulation's tables as files to take away: an XLSX workbook with a sheet for each, or all of them as one CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook

from reports import csv_table
from reports.page import DEMO_MARK
from reports.sheets import OPTIONS, Cell, Pen

_NAME_WIDTH, _WIDTH = 34, 16


@dataclass(frozen=True, slots=True)
class Table:
    """A table of both sides: the first column names the row; `signed` are the columns of differences."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    signed: frozenset[int] = frozenset({3})


def workbook(tables: Sequence[Table], *, title: str, demo: bool) -> bytes:
    """The workbook's bytes; amounts are numbers."""
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties({"title": csv_table.safe(f"{DEMO_MARK} {title}" if demo else title)})
        pen = Pen(book)
        for table in tables:
            columns = [(header, _WIDTH if place else _NAME_WIDTH) for place, header in enumerate(table.headers)]
            pen.sheet(table.title[:31], columns, table.rows)
    return out.getvalue()


def csv(tables: Sequence[Table]) -> bytes:
    """Every table one after the other, its title in front of each row and its headers above them."""
    widest = max(tables, key=lambda table: len(table.headers))
    return b"".join(csv_table.stream(["", *widest.headers], _rows(tables)))


def _rows(tables: Sequence[Table]) -> Iterator[Sequence[Cell]]:
    for table in tables:
        yield from ((table.title, *row) for row in table.rows)
