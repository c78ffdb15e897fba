"""Sheets of an XLSX workbook: one header row that stays in sight, numbers as numbers, no cell that would be run."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.csv_table import safe

Cell = str | int | None

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Pen:
    """Writes the sheets of one workbook, each with the same hand."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._number = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})

    def sheet(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Sequence[Sequence[Cell]],
        total: Sequence[Cell] | None = None,
    ) -> None:
        """A sheet with one header row that stays in sight; rows are written in order, as constant memory asks."""
        sheet = self._book.add_worksheet(name)
        for index, (title, width) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, title, self._head)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_paper(9)
        for number, row in enumerate(rows, start=1):
            for index, cell in enumerate(row):
                self._write(sheet, number, index, cell)
        for index, cell in enumerate(total or ()):
            self._write(sheet, len(rows) + 1, index, cell, self._total)

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell, style: Format | None = None) -> None:
        if isinstance(cell, int):
            sheet.write_number(row, column, cell, style or self._number)
        else:
            sheet.write_string(row, column, safe(cell or ""), style or self._text)
