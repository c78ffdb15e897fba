"""Reading the three inputs as typed tables; anything wrong in them is refused with every problem located."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir

from portal.assessment import faults
from portal.assessment.cells import Cell, cells, right, values
from portal.assessment.clamping import united
from portal.assessment.columns import LINES
from portal.assessment.duck import BrokenLines, DuckDB, Unreadable
from portal.assessment.engines import Engine
from portal.assessment.footers import proven
from portal.assessment.links import overlapping, reversed_periods
from portal.assessment.sources import Part, Source
from portal.assessment.statements import short_print
from portal.domain.errors import FileRefused, Problem
from portal.domain.kinds import BASES
from portal.domain.terms import LARGEST_WON

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The typed inputs. `right` leaves out `lines` with a cell that is not right: of `found` rows in the `source` none
    may be missing once all have been told (see `whole`). Lines are worked through in so many `parts`."""

    lines: ir.Table
    right: ir.Table
    found: int
    source: Source
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
    told = gathered(problems, lambda: lines(engine, sources[0]))
    rows = told[0] if told else None
    if rows is not None and later is not None:
        later(rows)
    stores = rows.select("platform", "store_id").distinct() if rows is not None and later is not None else None
    periods = gathered(problems, lambda: links(engine, sources[1], stores))
    theirs = periods.select("merchant_id").distinct() if periods is not None and later is not None else None
    seats = gathered(problems, lambda: enrolments(engine, sources[2], programmes, theirs))
    if told is None or periods is None or seats is None:
        raise FileRefused(problems=problems)
    return Inputs(*told, sources[0], periods, seats, -(-told[-1] // at_once) or 1)


def gathered(problems: list[Problem], ask: Callable[[], T]) -> T | None:
    """What `ask` answers; if it refuses, its problems are added to the others, and the answer is None."""
    try:
        return ask()
    except FileRefused as refused:
        problems.extend(refused.problems)
        return None


def lines(engine: Engine, source: Source) -> tuple[ir.Table, ir.Table, int]:
    """All settlement lines, those of which every cell is right, and how many there are, right or not.

    Raises FileRefused where files had to be converted, and a row was wrong.
    """
    with told_where(source):
        parts = [_part(engine, source, part, costs=True) for part in source.parts]
        if any(engine.count(part.rows.filter(part.rows.faulty)) for part in parts if part.stored):
            raise _of_cells(source)
        right_ones = [part.rows.filter(~part.rows.faulty) if part.doubted else part.rows for part in parts]
        found = sum(engine.count(part.rows) for part in parts)
    everything = united([part.rows.drop("faulty") for part in parts])
    return engine.view(everything), united([rows.drop("faulty") for rows in right_ones]), found


def whole(engine: Engine, read: Inputs, told: Sequence[ir.Table]) -> None:
    """Raises FileRefused where a line was left out of what was told, because one of its cells was not right."""
    if sum(engine.count(rows) for rows in told) != read.found:
        raise _of_cells(read.source)


@contextmanager
def told_where(source: Source) -> Generator[None]:
    """A file that cannot be read to its end is refused with the place."""
    try:
        yield
    except Unreadable as wrong:
        raise FileRefused(problems=faults.of_structure(source, str(wrong))) from wrong


def links(engine: Engine, source: Source, stores: ir.Table | None = None) -> ir.Table:
    """The link periods, of some `stores` or of all. Raises FileRefused, for overlapping periods of one store too."""
    rows = _read(engine, source)
    if stores is not None:
        rows = engine.keep(rows.semi_join(stores, ["platform", "store_id"]))
    for code, field, wrong, among in (
        ("reversed_period", "valid_to", lambda table: reversed_periods(table, "valid_from", "valid_to"), rows),
        ("overlapping_links", "valid_from", overlapping, _linked_again(engine, rows)),
    ):
        if engine.count(wrong(among)):
            raise FileRefused(problems=faults.of_rows(source, code, field, wrong))
    return rows


def _linked_again(engine: Engine, links: ir.Table) -> ir.Table:
    """The links of stores that have several, and of a few others."""
    rows = links.mutate(print=short_print(links.platform + ":" + links.store_id))
    return rows.semi_join(engine.repeated(rows.select("print")), "print").drop("print")


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


def _of_cells(source: Source) -> FileRefused:
    costs = source.columns == LINES
    return FileRefused(problems=faults.of_cells(source, lambda raw: line_cells(raw, source, costs=costs)))


def _read(engine: Engine, source: Source) -> ir.Table:
    """All parts as one table. Raises FileRefused where a cell is not right."""
    with told_where(source):
        parts = [_part(engine, source, part, costs=False) for part in source.parts]
        if any(engine.count(part.rows.filter(part.rows.faulty)) for part in parts if part.doubted or part.stored):
            raise _of_cells(source)
    return united([part.rows.drop("faulty") for part in parts])


@dataclass(frozen=True, slots=True)
class _Typed:
    """Typed rows that say themselves whether they are `faulty`; `doubted`: whether any may be; `stored`: converted."""

    rows: ir.Table
    doubted: bool
    stored: bool


def _part(engine: Engine, source: Source, part: Part, *, costs: bool) -> _Typed:
    """Parquet with typed columns is read where it lies, anything else converted once."""
    if part.rows is not None or part.typed:
        raw = engine.table(part.rows) if part.rows is not None else engine.read_parquet(part.files)
        found = line_cells(raw, source, costs=costs)
        known = proven(part.files, source.columns, costs=costs)
        doubted = [cell for cell in found if cell.name not in known]
        faulty = ~right(doubted) if doubted else ibis.literal(False)
        return _Typed(engine.view(values(raw, found, faulty=faulty)), doubted=bool(doubted), stored=False)

    def read(reader: DuckDB, *, parallel: bool = True) -> ir.Table:
        csv = bool(part.header)
        raw = reader.read_csv(part.files, part.header, parallel=parallel) if csv else reader.read_parquet(part.files)
        found = line_cells(raw, source, costs=costs)
        return values(raw, found, faulty=~right(found))

    try:
        stored = engine.converted(read)
    except BrokenLines:
        stored = engine.converted(partial(read, parallel=False))
    return _Typed(stored, doubted=False, stored=True)
