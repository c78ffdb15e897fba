"""Rows of a workbook's sheet as numbered Arrow batches for the checks, each cell as the text a person would type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook

from portal.domain.settlements import FileFault, LineFault
from portal.storage.csv_cells import texts, whole_numbers
from portal.storage.csv_rows import SCHEMA
from portal.storage.csv_text import CONTROLS, SEPARATOR, refuse

_BATCH = 8_192
_DIGITS = 10**15  # workbooks keep fifteen digits of a number; what follows is lost when it is typed in
_CONTROLS = dict.fromkeys([*CONTROLS, 10])
_SPACES = {ord(mark): " " for mark in "\r\n\t"}


def unheard(_rows: int) -> None:
    """For who does not want to know."""


@contextmanager
def opened(path: Path) -> Generator[CalamineWorkbook]:
    """The workbook, .xlsx or .xls. Raises FileRefused(broken_file)."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except python_calamine.PasswordError as locked:
        raise refuse(FileFault.PASSWORD_NEEDED) from locked
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError) as broken:
        raise refuse(FileFault.BROKEN_FILE) from broken


def sheet_of(book: CalamineWorkbook, name: str, cells: int) -> CalamineSheet:
    """A sheet of at most so many cells."""
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > cells:
        raise refuse(FileFault.TOO_LARGE, value=str(sheet.total_height * sheet.total_width))
    return sheet


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

    `heard` is told how many rows were read. `exact`: columns whose numbers stand for names: with more digits than a
    workbook keeps, the row is refused.
    """

    def __init__(
        self,
        found: Iterator[Sequence[Any]],
        *,
        head: int,
        most: int,
        exact: Collection[int] = (),
        heard: Callable[[int], None] = unheard,
    ) -> None:
        self.count, self.too_many, self._heard = 0, False, heard
        self._found, self._head, self._most, self._exact = found, head, most, tuple(exact)

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(SCHEMA, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        numbers: list[int] = []
        lines: list[str] = []
        faults: list[str] = []
        for row, values in enumerate(self._found, 1 - self._head):
            if row < 1:
                continue
            cells = [text(value) for value in values]
            if not any(cells):
                continue
            self.count += 1
            if self.count > self._most:
                self.too_many = True  # an exception would not survive the way through the engine
                return
            line, fault = self._line(values, cells)
            numbers.append(row)
            lines.append(line)
            faults.append(fault)
            if len(numbers) == _BATCH:
                self._heard(row)
                yield _batch(numbers, lines, faults)
                numbers, lines, faults = [], [], []
        if numbers:
            yield _batch(numbers, lines, faults)

    def _line(self, values: Sequence[Any], cells: list[str]) -> tuple[str, str]:
        whole = "".join(cells)
        if not whole.isprintable() and len(whole.translate(_CONTROLS)) != len(whole):
            return ",".join(cell.translate(_CONTROLS) for cell in cells), LineFault.CONTROL_CHARACTER.value
        if any(isinstance(values[column], float) and abs(values[column]) >= _DIGITS for column in self._exact):
            return ",".join(cells), LineFault.NUMBER_NOT_EXACT.value
        return SEPARATOR.join(cells), ""


def _batch(numbers: list[int], lines: list[str], faults: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([whole_numbers(numbers), texts(lines), texts(faults)], schema=SCHEMA)
