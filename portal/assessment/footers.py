"""What the footers of Parquet files already prove about their numbers, so that no cell has to be looked at for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from portal.assessment.columns import Column, Kind
from portal.domain.kinds import BASES
from portal.domain.terms import LARGEST_WON

Range = tuple[Any, Any]


def proven(files: Sequence[Path], columns: Sequence[Column], *, costs: bool) -> set[str]:
    """The columns of which every cell is right. With `costs` a support is only right with what is left of its cost."""
    ranges = _ranges(files, {column.name for column in columns if column.kind in (Kind.INTEGER, Kind.WON)})
    found = {column.name for column in columns if column.name in ranges and _right(column, *ranges[column.name])}
    for cost, support in BASES.values() if costs else ():
        if not {cost, support} <= found or not _fits(ranges[cost], ranges[support]):
            found.discard(support)
    return found


def _right(column: Column, least: Any, most: Any) -> bool:
    if column.kind is Kind.WON:
        return isinstance(least, int) and least >= -LARGEST_WON and most <= LARGEST_WON
    return column.kind is Kind.INTEGER and isinstance(least, int) and most < 2**63


def _fits(cost: Range, support: Range) -> bool:
    return cost[0] - support[1] >= -LARGEST_WON and cost[1] - support[0] <= LARGEST_WON


def _ranges(files: Sequence[Path], names: set[str]) -> dict[str, Range]:
    """The least and the greatest value of the columns without nulls for which every part of every file tells them."""
    found: dict[str, Range] = {}
    unknown: set[str] = set()
    for file in files:
        footer = pq.read_metadata(file)
        for group in (footer.row_group(number) for number in range(footer.num_row_groups)):
            for column in (group.column(number) for number in range(group.num_columns)):
                told, name = column.statistics, column.path_in_schema
                if name not in names:
                    continue
                if told is None or not told.has_min_max or not told.has_null_count or told.null_count:
                    unknown.add(name)
                    continue
                least, most = found.get(name, (told.min, told.max))
                found[name] = (min(least, told.min), max(most, told.max))
    return {name: both for name, both in found.items() if name not in unknown}
