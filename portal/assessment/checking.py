"""Everything that is wrong with the inputs, told in one go, once one of them turned out to be wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path

import ibis
import ibis.expr.types as ir

from portal.assessment import faults, inputs
from portal.assessment.columns import ENROLMENTS, LINES, LINKS
from portal.assessment.duck import DuckDB, Unreadable
from portal.assessment.links import overlapping, reversed_periods
from portal.assessment.sources import Source, readable
from portal.domain.errors import Problem

Check = tuple[str, str, Callable[[ir.Table], ir.Table]]  # code, column, the rows it is about


def problems(
    *, lines: Sequence[Path | str], links: Path, enrolments: Path, programmes: Collection[str] | None
) -> list[Problem]:
    """Those of headers, of cells, and of what right rows say together, at most faults.MOST for each input.

    `programmes` are the codes there are terms for; None where that cannot be said.
    """
    offered = [] if programmes is None else [_unknown(programmes)]
    return [
        *_of(*readable("lines", LINES, lines), [], lines=True),
        *_of(*readable("links", LINKS, [links]), [_reversed("valid_from", "valid_to"), _OVERLAPPING]),
        *_of(*readable("enrolments", ENROLMENTS, [enrolments]), [_reversed("enrolled_from", "enrolled_to"), *offered]),
    ]


_OVERLAPPING: Check = ("overlapping_links", "valid_from", overlapping)


def _reversed(start: str, end: str) -> Check:
    return "reversed_period", end, lambda table: reversed_periods(table, start, end)


def _unknown(programmes: Collection[str]) -> Check:
    return "unknown_programme", "programme", lambda table: table.filter(table.programme.notin(list(programmes)))


def _of(source: Source, found: list[Problem], checks: Sequence[Check], *, lines: bool = False) -> list[Problem]:
    if not source.parts:
        return found
    told = [*found, *faults.of_cells(source, lambda raw: inputs.line_cells(raw, source, costs=lines))]
    try:
        for code, column, wrong in checks:
            told += faults.of_rows(source, code, column, wrong)
        told += _doubled(source) if lines else []
    except Unreadable:
        pass  # what could not be read was told with the cells
    return faults.first(told)


def _doubled(source: Source) -> list[Problem]:
    with closing(DuckDB()) as engine:
        parts = list(faults.typed(engine, source))
        rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
        counted = rows.group_by("platform", "order_no", "received_seq").agg(statements=rows.count())
        several = counted.filter(counted.statements > 1).limit(faults.MOST)
        keys = several.select(twin_platform="platform", twin_order="order_no", twin_seq="received_seq")
        doubled = engine.rows(keys)
    return faults.of_doubled(source, doubled) if doubled else []
