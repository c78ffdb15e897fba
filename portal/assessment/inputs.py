"""Reading the three inputs as typed tables; anything wrong in them is refused with every problem located."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from portal.assessment import faults, statements
from portal.assessment.cells import Cell, cells, values
from portal.assessment.engines import Engine, breaks_lines, unreadable
from portal.assessment.links import overlapping, reversed_periods
from portal.assessment.sources import Part, Source
from portal.domain.errors import FileRefused
from portal.domain.kinds import BASES
from portal.domain.terms import LARGEST_WON


def lines(engine: Engine, source: Source) -> ir.Table:
    """The settlement lines. Raises FileRefused."""
    return _read(engine, source, costs=True)


def repeated(engine: Engine, source: Source, rows: ir.Table) -> ir.Table:
    """The orders with several statements. Raises FileRefused where two of them have the same `received_seq`."""
    found = engine.keep(statements.repeated(rows))
    doubled = engine.keep(statements.doubled(rows, found))
    if engine.count(doubled):
        raise FileRefused(problems=faults.of_doubled(source, engine.rows(doubled.limit(faults.MOST))))
    engine.forget(doubled)
    return found


def links(engine: Engine, source: Source) -> ir.Table:
    """The link periods, `valid_to` filled. Raises FileRefused, for overlapping periods of one store too."""
    rows = _read(engine, source)
    for code, field, wrong in (
        ("reversed_period", "valid_to", lambda table: reversed_periods(table, "valid_from", "valid_to")),
        ("overlapping_links", "valid_from", overlapping),
    ):
        if engine.count(wrong(rows)):
            raise FileRefused(problems=faults.of_rows(source, code, field, wrong))
    return rows


def enrolments(engine: Engine, source: Source, programmes: Collection[str]) -> ir.Table:
    """The enrolments. Raises FileRefused, for a programme without terms too."""
    rows = _read(engine, source)
    for code, field, wrong in (
        ("reversed_period", "enrolled_to", lambda table: reversed_periods(table, "enrolled_from", "enrolled_to")),
        ("unknown_programme", "programme", lambda table: table.filter(table.programme.notin(list(programmes)))),
    ):
        if engine.count(wrong(rows)):
            raise FileRefused(problems=faults.of_rows(source, code, field, wrong))
    return rows


def line_cells(raw: ir.Table, source: Source, *, costs: bool) -> list[Cell]:
    """The cells of a row; with `costs` also those nobody wrote: what is left of each cost must fit into e4."""
    found = cells(raw, source.columns)
    by_name = {cell.name: cell for cell in found}
    values_of: dict[str, Any] = {name: cell.value for name, cell in by_name.items()}
    for cost, support in BASES.values() if costs else ():
        left = values_of[cost] - values_of[support]
        told_already = ~by_name[cost].right | ~by_name[support].right
        fits = told_already | left.between(-LARGEST_WON, LARGEST_WON).fill_null(True)
        found.append(Cell(support, None, fits, ibis.literal("out_of_range"), left.cast("string").fill_null("")))
    return found


def _read(engine: Engine, source: Source, *, costs: bool = False) -> ir.Table:
    """All parts as one table. Parquet is read where it lies; what was text is converted once and stored."""
    parts = []
    try:
        for part in source.parts:
            try:
                parts.append(_part(engine, source, part, costs=costs))
            except duckdb.Error as wrong:
                if not breaks_lines(wrong):
                    raise
                parts.append(_part(engine, source, part, costs=costs, parallel=False))
        table = ibis.union(*parts) if len(parts) > 1 else parts[0]
        faulty = engine.count(table.filter(table.faulty))
    except duckdb.Error as wrong:
        if not unreadable(wrong):
            raise
        raise FileRefused(problems=faults.of_structure(source, str(wrong))) from wrong
    if faulty:
        raise FileRefused(problems=faults.of_cells(source, lambda raw: line_cells(raw, source, costs=costs)))
    return table.drop("faulty")


def _part(engine: Engine, source: Source, part: Part, *, costs: bool, parallel: bool = True) -> ir.Table:
    raw = faults.raw(engine, part, parallel=parallel)
    typed = values(raw, line_cells(raw, source, costs=costs))
    return engine.store(typed) if part.header else typed
