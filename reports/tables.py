"""Tables on paper: wrapped cells, header repeated on every page, totals row, unit line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.page import BOLD, LEFT, REGULAR, ROOM, Sheet, widths
from reports.text import clean, printable, wrap

_PAD = 4
_MOST_LINES = 12  # of one cell: a row never grows taller than a page
_HEAD_SHADE, _TOTAL_SHADE = 0.92, 0.96


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the width in proportion to the other columns."""

    title: str
    share: float = 1
    align: Literal["left", "right", "center"] = "left"


def draw(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    total: Sequence[str] | None = None,
    unit: str = "",
    size: float = 9,
) -> None:
    """A table over the whole width, one text per column in every row and in `total`; titles repeat on new pages."""
    for row in (*rows, *([total] if total else [])):
        if len(row) != len(columns):
            raise ValueError("a row has one cell per column")
    pen = _Pen(sheet, columns, size)
    head = [column.title for column in columns]
    sheet.need(size * 1.6 + pen.height(head, BOLD) * 3)
    if unit:
        sheet.y -= size * 1.4
        sheet.write(unit, LEFT + ROOM, sheet.y, size=size - 1, align="right", faint=True)
        sheet.y -= _PAD
    pen.row(head, font=BOLD, shade=_HEAD_SHADE, head=True)
    for row in rows:
        if sheet.need(pen.height(row, REGULAR)):
            pen.row(head, font=BOLD, shade=_HEAD_SHADE, head=True)
        pen.row(row)
    if total:
        if sheet.need(pen.height(total, BOLD)):
            pen.row(head, font=BOLD, shade=_HEAD_SHADE, head=True)
        pen.row(total, font=BOLD, shade=_TOTAL_SHADE)


def pairs(sheet: Sheet, rows: Sequence[tuple[str, str]], *, size: float = 10) -> None:
    """A two-column table of names and values without a header; the names are shaded."""
    pen = _Pen(sheet, (Column("", 1), Column("", 4)), size)
    for row in rows:
        sheet.need(pen.height(row, REGULAR))
        pen.row(row, first_shade=_HEAD_SHADE)


class _Pen:
    def __init__(self, sheet: Sheet, columns: Sequence[Column], size: float) -> None:
        self._sheet, self._columns, self._size = sheet, columns, size
        self._widths = widths([column.share for column in columns])

    def height(self, cells: Sequence[str], font: str) -> float:
        return self._height(self._lines(cells, font))

    def row(
        self, cells: Sequence[str], *, font: str = REGULAR, shade: float = 1, first_shade: float = 1, head: bool = False
    ) -> None:
        lines = self._lines(cells, font)
        height = self._height(lines)
        x, canvas = LEFT, self._sheet.canvas
        canvas.setLineWidth(0.4)
        canvas.setStrokeGray(0.45)
        for index, (column, cell_width, cell) in enumerate(zip(self._columns, self._widths, lines, strict=True)):
            grey = first_shade if index == 0 and first_shade < 1 else shade
            canvas.setFillGray(grey)
            canvas.rect(x, self._sheet.y - height, cell_width, height, fill=int(grey < 1))
            self._cell(cell, x, cell_width, height, "center" if head else column.align, font)
            x += cell_width
        self._sheet.y -= height

    def _cell(self, lines: list[str], x: float, cell_width: float, height: float, align: str, font: str) -> None:
        anchor = {"left": x + _PAD, "right": x + cell_width - _PAD, "center": x + cell_width / 2}[align]
        y = self._sheet.y - (height - len(lines) * self._size * 1.4) / 2 - self._size * 1.05
        for line in lines:
            self._sheet.write(line, anchor, y, font=font, size=self._size, align=align)
            y -= self._size * 1.4

    def _height(self, lines: Sequence[list[str]]) -> float:
        return max(len(cell) for cell in lines) * self._size * 1.4 + _PAD * 1.5

    def _lines(self, cells: Sequence[str], font: str) -> list[list[str]]:
        wrapped = [
            wrap(printable(clean(cell, 600), font), font, self._size, cell_width - 2 * _PAD)
            for cell, cell_width in zip(cells, self._widths, strict=True)
        ]
        return [lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"] for lines in wrapped]
