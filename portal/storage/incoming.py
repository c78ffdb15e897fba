"""What comes out of a delivered file, whatever its form: numbered rows, and how lines are made of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from portal.domain.errors import FileRefused, Problem
from portal.domain.layouts import CANONICAL, Layout, Shape
from portal.domain.settlements import COLUMNS, ROWS_PER_DELIVERY, ColumnKind, FileFault
from portal.storage import csv_text, layout_cells, layout_search, workbook_bounds, workbook_rows, workbook_sheets
from portal.storage.csv_rows import Heard, Rows, Text
from portal.storage.csv_text import refuse
from portal.storage.file_kinds import Kind
from portal.storage.layout_cells import Cells
from portal.storage.layout_search import ROWS, Found

FIRST = 20  # problems of a header that are told
_SHEETS = 50
_REQUIRED = [column.name for column in COLUMNS if column.required]
_NAMES = [column.name for column in COLUMNS]
_TEXTS = {column.name for column in COLUMNS if column.kind is ColumnKind.TEXT}


class RowSource(Protocol):
    """Data rows, read once. `count` is the number of rows seen so far; `too_many` ends it early."""

    count: int
    too_many: bool

    def reader(self) -> pa.RecordBatchReader:
        """The rows as batches of (row, line, fault)."""
        ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """`width`: cells that each row has to have; `encoding`: of a text, else the kind of the file."""

    rows: RowSource
    cells: Cells
    width: int
    layout: Layout
    encoding: str


def of_text(path: Path, job: dict[str, Any], layouts: Sequence[Layout], heard: Heard) -> Incoming:
    """A CSV or TSV: under the contract's own header, else in one of the platform's layouts. `heard` is told bytes."""
    with path.open("rb") as stream:
        csv_text.check_signature(stream.read(64))
    encoding = csv_text.survey(path, job["line_bytes"])
    lines = csv_text.first_lines(path, encoding, job["line_bytes"], ROWS)
    delimiter = csv_text.delimiter_of(lines)
    cells = [csv_text.split_quoted(line, delimiter) or [] for line in lines]
    if not layouts or (cells and _is_canonical(cells[0])):
        names = csv_text.header(path, encoding, job["line_bytes"], delimiter)
        check_columns(names, job["columns"])
        rows = _text_rows(path, Text(encoding, delimiter, 1, len(names)), job, heard)
        return Incoming(rows, layout_cells.canonical(names), len(names), CANONICAL, encoding.name)
    if not any(len(row) > 1 for row in cells):
        csv_text.header(path, encoding, job["line_bytes"], delimiter)  # no table: refused for what it is
    found = layout_search.search(layouts, [("", cells)], job["columns"])
    if found.layout.shape is Shape.LIST:
        return _of_list(found, cells, encoding.name)
    rows = _text_rows(path, Text(encoding, delimiter, found.head, found.width), job, heard)
    return Incoming(rows, _native(found), found.width, found.layout, encoding.name)


def of_workbook(
    book: workbook_sheets.Workbook, job: dict[str, Any], layouts: Sequence[Layout], kind: Kind, heard: Heard
) -> Incoming:
    """A workbook: the contract's own columns, or one of the platform's layouts, on the first sheet that has them."""
    cells = workbook_bounds.Bounds().cells
    sheets = []
    first = None  # stays open, because it is mostly the one; all of them might be more than memory holds
    for name in book.sheet_names[:_SHEETS]:
        sheet = book.sheet(name, cells)
        head = list(itertools.islice(sheet.rows(), ROWS))
        sheets.append((name, [list(map(workbook_rows.text, row)) for row in head]))
        first = first or sheet
    found = layout_search.search([*layouts, CANONICAL], sheets, job["columns"])
    sheet = first if first and first.name == found.sheet else book.sheet(found.sheet, cells)
    if found.layout.shape is Shape.LIST:
        return _of_list(found, dict(sheets)[found.sheet], kind.value)
    exact = {
        number
        for rule in found.layout.columns
        for number in (found.match.columns[name] for name in rule.sources)
        if number is not None and number < found.width and rule.name in _TEXTS
    }
    rows = workbook_rows.SheetRows(
        sheet.rows(),
        head=found.head,
        width=found.width,
        most=_most(job),
        exact=exact,
        heard=lambda done: heard(done, sheet.height),
    )
    return Incoming(rows, _native(found), found.width, found.layout, kind.value)


def check_columns(names: Sequence[str], most: int) -> None:
    """Every required column once and none that is not in the table: dropping a partner's column would lose data."""
    if len(names) > most:
        raise refuse(FileFault.TOO_MANY_COLUMNS, value=str(len(names)))
    problems = [Problem(FileFault.MISSING_COLUMN.value, field=name) for name in _REQUIRED if name not in names]
    problems += [Problem(FileFault.UNKNOWN_COLUMN.value, field=name[:80]) for name in names if name not in _NAMES]
    problems += [Problem(FileFault.REPEATED_COLUMN.value, field=name) for name in _NAMES if names.count(name) > 1]
    if problems:
        raise FileRefused(problems=problems[:FIRST])


def _is_canonical(header: Sequence[str]) -> bool:
    """Whether someone meant to send the contract's own columns, even if not all of them are right."""
    names = {name.strip().lower() for name in header}
    return 2 * len(names & set(_REQUIRED)) >= len(_REQUIRED)


def _text_rows(path: Path, text: Text, job: dict[str, Any], heard: Heard) -> Rows:
    return Rows(path, text, line_bytes=job["line_bytes"], most=_most(job), heard=heard)


def _most(job: dict[str, Any]) -> int:
    return min(job["rows"], ROWS_PER_DELIVERY - 1)


def _native(found: Found) -> Cells:
    return layout_cells.native(found.layout, found.match, found.width, found.above)


def _of_list(found: Found, rows: Sequence[Sequence[str]], encoding: str) -> Incoming:
    """Labels and amounts below each other: one row of all the amounts."""
    if len(rows) == ROWS:
        raise refuse(FileFault.TOO_MANY_ROWS, value=str(ROWS))
    columns = layout_search.list_columns(found.layout, rows[found.head - 1])
    amounts = [amount for _, amount in layout_search.entries(found.layout, columns, rows[found.head :])]
    listed = workbook_rows.SheetRows(iter([amounts]), head=0, width=len(amounts), most=1)
    return Incoming(listed, _native(found), len(amounts), found.layout, encoding)
