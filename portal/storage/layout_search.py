"""Finds the header of a platform's own file among its first rows, and the layout that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.domain import header_paths
from portal.domain.layout_matching import Comparison, LayoutUnknown, Match, match, nearest
from portal.domain.layouts import Layout, Shape

DEEP = 30  # rows among which the header is looked for
ROWS = 400  # rows that are read for it: a list is wholly among them

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """`head`: rows up to the end of the header; `above`: the values of the layout's labels over it, in its order."""

    layout: Layout
    match: Match
    sheet: str
    head: int
    width: int
    above: tuple[str, ...] = ()


def search(layouts: Sequence[Layout], sheets: Iterable[tuple[str, Rows]], columns: int) -> Found:
    """The first layout that fits, in the order of the profile.

    `sheets`: names and first rows; `columns`: at most so many. Raises LayoutUnknown with the nearest comparison.
    """
    seen: list[Comparison] = []
    for sheet, rows in sheets:
        for layout in layouts:
            if layout.sheet and header_paths.plain(layout.sheet) != header_paths.plain(sheet):
                continue
            for start in range(min(len(rows), DEEP)):
                found = _tried(layout, sheet, rows, start, layout.levels, columns)
                if found is not None and found.match.comparison.fits:
                    return found
                seen += _compared(layout, sheet, rows, start, columns)
    raise LayoutUnknown(nearest(seen) if seen else match(layouts[0], []).comparison)


def _compared(layout: Layout, sheet: str, rows: Rows, start: int, columns: int) -> list[Comparison]:
    """For whoever has to look at a file that does not fit: also as if its header had fewer levels than it should."""
    tried = (_tried(layout, sheet, rows, start, levels, columns) for levels in range(1, layout.levels + 1))
    return [found.match.comparison for found in tried if found is not None]


def _tried(layout: Layout, sheet: str, rows: Rows, start: int, levels: int, columns: int) -> Found | None:
    """The layout with its header of so many levels at this row; None where there cannot be one."""
    if layout.shape is Shape.LIST:
        return _tried_as_list(layout, sheet, rows, start)
    header = rows[start : start + levels]
    if len(header) < levels or not any(header[0]) or max(map(len, header)) > columns:
        return None
    found = header_paths.paths(header)
    values = _above(rows[:start], layout.above)
    fitted = match(layout, found, [label for label in layout.above if label in values])
    above = tuple(values.get(label, "") for label in layout.above)
    return Found(layout, fitted, sheet, start + levels, len(found), above)


def _tried_as_list(layout: Layout, sheet: str, rows: Rows, start: int) -> Found | None:
    """A list of labels and amounts: its labels are the header, its amounts the only row."""
    columns = _list_columns(layout, rows[start])
    if columns is None:
        return None
    found = [path for path, _ in entries(layout, columns, rows[start + 1 :])]
    values = _above(rows[:start], layout.above)
    fitted = match(layout, found, [label for label in layout.above if label in values])
    above = tuple(values.get(label, "") for label in layout.above)
    return Found(layout, fitted, sheet, start + 1, len(found), above)


def entries(layout: Layout, columns: Sequence[int], rows: Rows) -> list[tuple[header_paths.Path, str]]:
    """The labelled rows of a list: their path and amount. `columns`: where the labels and, last, the amount stand."""
    listed = []
    for row in rows:
        cells = [row[number].strip() if number < len(row) else "" for number in columns]
        if any(cells[:-1]):
            listed.append((tuple(label for label in cells[:-1] if label), cells[-1]))
    return listed


def list_columns(layout: Layout, header: Sequence[str]) -> list[int]:
    """Where the labels and the amount of a list stand, for a header that was found."""
    columns = _list_columns(layout, header)
    if columns is None:
        raise ValueError("no header of a list")
    return columns


def _list_columns(layout: Layout, header: Sequence[str]) -> list[int] | None:
    plain = [header_paths.plain(text) for text in header]
    wanted = [header_paths.plain(name) for name in (*layout.labels, layout.amount)]
    return [plain.index(name) for name in wanted] if all(name in plain for name in wanted) else None


def _above(rows: Rows, labels: Sequence[str]) -> dict[str, str]:
    """What stands over the header under these labels: `label: value` in a cell, or the value in the next filled one."""
    found: dict[str, str] = {}
    wanted = {header_paths.plain(label): label for label in labels}
    for row in rows:
        filled = [cell.strip() for cell in row if cell.strip()]
        for number, cell in enumerate(filled):
            name, mark, value = cell.partition(":")
            label = wanted.get(header_paths.plain(name))
            if label is not None and label not in found:
                following = filled[number + 1] if number + 1 < len(filled) else ""
                found[label] = value.strip() if mark else following
    return {label: value for label, value in found.items() if value}
