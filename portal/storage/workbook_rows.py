"""Rows of a workbook's sheet as numbered Arrow batches for the checks, each cell as the text a person would type."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from portal.domain.settlements import LineFault
from portal.storage.csv_rows import batch_of_lines, cut_schema
from portal.storage.csv_text import CONTROLS, SEPARATOR

_BATCH = 2_048  # rows of cells that a processor keeps at hand
_KNOWN = 50_000
_DIGITS = 10**15  # workbooks keep fifteen digits of a number; what follows is lost when it is typed in
_CONTROLS = dict.fromkeys([*CONTROLS, 10])
_SPACES = {ord(mark): " " for mark in "\r\n\t"}


def unheard(_rows: int) -> None:
    """For who does not want to know."""


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
