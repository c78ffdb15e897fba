"""Rows of a workbook's sheet as numbered Arrow batches for the checks, each cell as the text a person would type."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook

from portal.domain.settlements import FileFault, LineFault
from portal.storage.csv_rows import batch_of_lines, cut_schema
from portal.storage.csv_text import CONTROLS, SEPARATOR, refuse

_BATCH = 2_048  # rows of cells that a processor keeps at hand
_KNOWN = 50_000
_DIGITS = 10**15  # workbooks keep fifteen digits of a number; what follows is lost when it is typed in
_CONTROLS = dict.fromkeys([*CONTROLS, 10])
_SPACES = {ord(mark): " " for mark in "\r\n\t"}


def unheard(_rows: int) -> None:
    """For who does not want to know."""


class Uneven(Exception):
    """The shares of a workbook do not make up the sheet after all; the workbook itself has to be read."""


class Sheet:
    """The rows of a sheet, in parts that follow each other or are all the same; they are read while others are used."""

    def __init__(self, name: str, parts: Sequence[Future[CalamineSheet]]) -> None:
        self.name, self._parts = name, parts
        self._first = parts[0].result()

    @property
    def height(self) -> int:
        """About so many rows, as the first part tells."""
        return len(self._parts) * (1 + self._first.end[0]) if self._first.end else 0

    def check(self, cells: int) -> None:
        """Refuses a sheet whose first part has more cells."""
        row, column = self._first.end or (-1, -1)
        if (row + 1) * (column + 1) > cells:
            raise refuse(FileFault.TOO_LARGE, value=str((row + 1) * (column + 1)))

    def rows(self) -> Iterator[list[Any]]:
        """From the first row and the first column that is used, empty ones too. Raises Uneven."""
        yield from self._first.iter_rows()
        first, last = self._first.start, self._first.end
        for each in self._parts[1:]:
            part = each.result()
            if part.start == first:
                return
            if not part.start or not part.end:
                continue
            if not first or not last or part.start[0] <= last[0] or part.start[1] < first[1] or part.end[1] > last[1]:
                raise Uneven
            before, behind = [""] * (part.start[1] - first[1]), [""] * (last[1] - part.end[1])
            rows = itertools.islice(part.iter_rows(), last[0] + 1, None)
            yield from ([*before, *row, *behind] for row in rows) if before or behind else rows
            last = (part.end[0], last[1])


class Workbook:
    """A workbook, .xlsx or .xls; or several that hold the rows of its sheets one after the other, some read at once."""

    def __init__(self, shares: Sequence[Path], pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._books = list(pool.map(lambda path: CalamineWorkbook.from_path(str(path)), shares))
        self.sheet_names = self._books[0].sheet_names

    def sheet(self, name: str, cells: int) -> Sheet:
        """A sheet of at most so many cells."""
        sheet = Sheet(name, [self._pool.submit(book.get_sheet_by_name, name) for book in self._books])
        sheet.check(cells)
        return sheet


@contextmanager
def opened(shares: Sequence[Path], threads: int) -> Generator[Workbook]:
    """The workbook that `shares` hold together. Raises FileRefused(broken_file)."""
    try:
        with ThreadPoolExecutor(threads) as pool:
            yield Workbook(shares, pool)
    except python_calamine.PasswordError as locked:
        raise refuse(FileFault.PASSWORD_NEEDED) from locked
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError) as broken:
        raise refuse(FileFault.BROKEN_FILE) from broken


def text(value: Any) -> str:
    """A cell as text: whole numbers without decimals, times as `2026-03-01 12:30:00`."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else value.translate(_SPACES).strip()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10 * _DIGITS else repr(value)
    if isinstance(value, datetime):
        return f"{value.replace(microsecond=0):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


class SheetRows:
    """Iterates once over the data rows behind `head` rows; like portal.storage.csv_rows.Rows. Empty rows are none.

    Every row has `width` cells. `heard` is told how many rows were read. `exact`: columns whose numbers stand for
    names: with more digits than a workbook keeps, the row is refused.
    """

    def __init__(
        self,
        found: Iterator[Sequence[Any]],
        *,
        head: int,
        width: int,
        most: int,
        exact: Collection[int] = (),
        heard: Callable[[int], None] = unheard,
    ) -> None:
        self.count, self.too_many, self._heard, self._known = 0, False, heard, _Known()
        self._found, self._width, self._most, self._exact = itertools.islice(found, head, None), width, most, exact

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(cut_schema(self._width), self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        row = 1
        while found := list(itertools.islice(self._found, _BATCH)):
            lines, faults = self._lines(list(zip(*found, strict=True)))
            numbers = list(range(row, row + len(lines)))
            row += len(lines)
            empty = SEPARATOR * (self._width - 1)
            if empty in lines:
                kept = [place for place, line in enumerate(lines) if line != empty]
                numbers, lines = [numbers[place] for place in kept], [lines[place] for place in kept]
                faults = [faults[place] for place in kept]
            self.count += len(lines)
            if self.count > self._most:
                self.too_many = True  # an exception would not survive the way through the engine
                return
            if len(found) == _BATCH:
                self._heard(row - 1)
            yield batch_of_lines(numbers, lines, faults, self._width)

    def _lines(self, columns: Sequence[Sequence[Any]]) -> tuple[list[str], list[str]]:
        """Each row as a line, its cells trimmed and separated, and what is wrong with it."""
        cells = list(map(self._texts, columns))
        lines = list(map(SEPARATOR.join, zip(*cells, strict=True)))
        faults = [""] * len(lines)
        for column in self._exact:
            for place, value in enumerate(columns[column]):
                if isinstance(value, float) and abs(value) >= _DIGITS:
                    faults[place] = LineFault.NUMBER_NOT_EXACT.value
        if self._known.odd:
            for place, row in enumerate(zip(*cells, strict=True)):
                if any(len(cell.translate(_CONTROLS)) != len(cell) for cell in row):
                    faults[place] = LineFault.CONTROL_CHARACTER.value
                    lines[place] = SEPARATOR.join(cell.translate(_CONTROLS) for cell in row)
        return lines, faults

    def _texts(self, column: Sequence[Any]) -> Sequence[str]:
        """As `text`, at once where nothing is odd."""
        try:
            whole = "".join(column)
        except TypeError:
            if set(map(type, column)) <= {str, float}:
                return list(map(self._known.__getitem__, column))
            return list(map(text, column))
        if whole.isprintable():
            return list(map(str.strip, column)) if " " in whole else column
        self._known.odd = True
        return list(map(text, column))


class _Known(dict[Any, str]):
    """The texts of numbers and texts, of which most come again and again in a column of amounts.

    `odd`: whether a text came that may hold control characters.
    """

    odd = False

    def __missing__(self, value: Any) -> str:
        if len(self) >= _KNOWN:
            self.clear()
        found = self[value] = text(value)
        self.odd = self.odd or not found.isprintable()
        return found
