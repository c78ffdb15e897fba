"""Workbooks and their sheets as calamine reads them, also out of several shares that are read at once."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook

from portal.domain.settlements import FileFault
from portal.storage.csv_text import refuse


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
