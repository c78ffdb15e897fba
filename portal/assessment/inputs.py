"""Reading the three inputs as typed tables; anything wrong in them is refused with every problem located."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir

from portal.assessment import faults, statements
from portal.assessment.cells import Cell, cells, right, values
from portal.assessment.clamping import united
from portal.assessment.duck import BrokenLines, DuckDB, Unreadable
from portal.assessment.engines import Engine
from portal.assessment.footers import proven
from portal.assessment.links import overlapping, reversed_periods
from portal.assessment.sources import Part, Source
from portal.domain.errors import FileRefused, Problem
from portal.domain.kinds import BASES
from portal.domain.terms import LARGEST_WON

T = TypeVar("T")
_PRINTS = 8  # so many short prints find room where one line does


@dataclass(frozen=True, slots=True)
class Inputs:
    """The typed inputs; `several` and `suspects`: see `statements`. Lines are worked through in so many `parts`."""

    lines: ir.Table
    several: ir.Table
    suspects: ir.Table
    links: ir.Table
    enrolments: ir.Table
    parts: int


def read(
    engine: Engine,
    sources: Sequence[Source],
    programmes: Collection[str],
    at_once: int,
    later: Callable[[ir.Table], None] | None = None,
) -> Inputs:
    """Lines, links and enrolments; or FileRefused with the problems of all of them together.

    With `later`, which checks that the lines are of later orders than those of a run before, only the links of their
    stores are read, and the enrolments of these stores' merchants.
    """
    problems: list[Problem] = []
    rows = gathered(problems, lambda: lines(engine, sources[0]))
    parts = -(-engine.count(rows) // at_once) or 1 if rows is not None else 1
    several = _several(engine, rows, parts) if rows is not None else None
    told_again = None
    if rows is not None and several is not None:
        told_again = gathered(problems, lambda: suspects(engine, sources[0], rows, several))
    if rows is not None and later is not None:
        later(rows)
    stores = rows.select("platform", "store_id").distinct() if rows is not None and later is not None else None
    periods = gathered(problems, lambda: links(engine, sources[1], stores))
    theirs = periods.select("merchant_id").distinct() if periods is not None and later is not None else None
    seats = gathered(problems, lambda: enrolments(engine, sources[2], programmes, theirs))
    if rows is None or several is None or told_again is None or periods is None or seats is None:
        raise FileRefused(problems=problems)
    return Inputs(rows, several, told_again, periods, seats, parts)


def gathered(problems: list[Problem], ask: Callable[[], T]) -> T | None:
    """What `ask` answers; if it refuses, its problems are added to the others, and the answer is None."""
    try:
        return ask()
    except FileRefused as refused:
        problems.extend(refused.problems)
        return None


def lines(engine: Engine, source: Source) -> ir.Table:
    """The settlement lines. Raises FileRefused."""
    return _read(engine, source, costs=True)


def suspects(engine: Engine, source: Source, rows: ir.Table, several: ir.Table) -> ir.Table:
    """The lines of suspected orders (see `statements`). Raises FileRefused where two statements about one order have
    the same `received_seq`."""
    found = engine.keep(statements.suspects(rows, several))
    doubled = engine.keep(statements.doubled(found))
    if engine.count(doubled):
        raise FileRefused(problems=faults.of_doubled(source, engine.rows(doubled.limit(faults.MOST))))
    engine.forget(doubled)
    return found


def links(engine: Engine, source: Source, stores: ir.Table | None = None) -> ir.Table:
    """The link periods, of some `stores` or of all. Raises FileRefused, for overlapping periods of one store too."""
    rows = _read(engine, source)
    if stores is not None:
        rows = engine.keep(rows.semi_join(stores, ["platform", "store_id"]))
    for code, field, wrong in (
        ("reversed_period", "valid_to", lambda table: reversed_periods(table, "valid_from", "valid_to")),
        ("overlapping_links", "valid_from", overlapping),
    ):
        if engine.count(wrong(rows)):
            raise FileRefused(problems=faults.of_rows(source, code, field, wrong))
    return rows


def enrolments(
    engine: Engine, source: Source, programmes: Collection[str], merchants: ir.Table | None = None
) -> ir.Table:
    """The enrolments, of some `merchants` only or of all. Raises FileRefused, for a programme without terms too."""
    rows = _read(engine, source)
    if merchants is not None:
        rows = engine.keep(rows.semi_join(merchants, "merchant_id"))
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


def _several(engine: Engine, rows: ir.Table, parts: int) -> ir.Table:
    counted = -(-parts // _PRINTS)
    if counted == 1:
        return engine.keep(statements.several(statements.prints(rows)))
    tables = engine.parted(statements.in_parts(statements.prints(rows), counted), "part", counted)
    return engine.keep(united([engine.keep(statements.several(table)) for table in tables]))


def _read(engine: Engine, source: Source, *, costs: bool = False) -> ir.Table:
    """All parts as one table. Parquet with typed columns is read where it lies, anything else converted once."""
    try:
        parts = [_part(engine, source, part, costs=costs) for part in source.parts]
    except Unreadable as wrong:
        raise FileRefused(problems=faults.of_structure(source, str(wrong))) from wrong
    if any(faulty for _, faulty in parts):
        raise FileRefused(problems=faults.of_cells(source, lambda raw: line_cells(raw, source, costs=costs)))
    return united([table for table, _ in parts])


def _part(engine: Engine, source: Source, part: Part, *, costs: bool) -> tuple[ir.Table, int]:
    """The part's typed rows, and how many rows have a cell that is not right."""
    if part.rows is not None or part.typed:
        raw = engine.table(part.rows) if part.rows is not None else engine.read_parquet(part.files)
        found = line_cells(raw, source, costs=costs)
        known = proven(part.files, source.columns, costs=costs)
        doubted = [cell for cell in found if cell.name not in known]
        return engine.view(values(raw, found)), engine.count(raw.filter(~right(doubted))) if doubted else 0

    def read(reader: DuckDB, *, parallel: bool = True) -> ir.Table:
        csv = bool(part.header)
        raw = reader.read_csv(part.files, part.header, parallel=parallel) if csv else reader.read_parquet(part.files)
        found = line_cells(raw, source, costs=costs)
        return values(raw, found, faulty=~right(found))

    try:
        stored = engine.converted(read)
    except BrokenLines:
        stored = engine.converted(partial(read, parallel=False))
    return stored.drop("faulty"), engine.count(stored.filter(stored.faulty))
