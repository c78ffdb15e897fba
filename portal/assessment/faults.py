"""Locating problems: only when an input turned out bad is it read again, in file order, to say which rows and why."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment.cells import Cell, cells, right
from portal.assessment.duck import DuckDB, Unreadable
from portal.assessment.sources import Part, Source
from portal.domain.errors import Problem

FURTHER = "further_problems"
MOST = 1_000  # problems told per input; who sent a file full of them needs the kind, not the millionth row


def of_cells(source: Source, checked: Callable[[ir.Table], list[Cell]]) -> list[Problem]:
    """Every wrong cell of the first MOST wrong rows."""
    found: list[Problem] = []
    with closing(DuckDB(threads=1, in_file_order=True)) as engine:
        for numbered in _numbered(engine, source):
            try:
                bad = engine.keep(numbered.filter(~right(checked(numbered))).limit(MOST + 1))
            except Unreadable as wrong:
                return of_structure(source, str(wrong))
            wrongs = [
                bad.filter(~cell.right).select("file", "row", field=_text(cell.name), code=cell.code, value=cell.found)
                for cell in checked(bad)
            ]
            found.extend(_problem(row) for row in engine.rows(ibis.union(*wrongs)))
    return first(found)


def of_rows(source: Source, code: str, field: str, wrong: Callable[[ir.Table], ir.Table]) -> list[Problem]:
    """A problem `code` at `field` for every row that `wrong` keeps of the typed rows, where all cells are right."""
    with closing(DuckDB(threads=1, in_file_order=True)) as engine:
        parts = [engine.keep(rows) for rows in typed(engine, source)]
        bad = wrong(ibis.union(*parts) if len(parts) > 1 else parts[0])
        value = bad[field].cast("string").fill_null("")
        rows = engine.rows(bad.select("file", "row", field=_text(field), code=_text(code), value=value))
    return first([_problem(row) for row in rows])


def of_doubled(source: Source, doubled: Sequence[dict[str, Any]]) -> list[Problem]:
    """The rows of the given orders (twin_platform, twin_order, twin_seq) whose `received_seq` is not theirs alone."""
    found = []
    with closing(DuckDB(threads=1, in_file_order=True)) as engine:
        keys = engine.table(pa.Table.from_pylist(list(doubled)))
        for rows in typed(engine, source):
            same = [
                rows.platform == keys.twin_platform,
                rows.order_no == keys.twin_order,
                rows.received_seq == keys.twin_seq,
            ]
            code = ibis.literal("repeated_received_seq")
            value = rows.platform + ":" + rows.order_no + " " + rows.received_seq.cast("string")
            told = rows.mutate(field=ibis.literal("received_seq"), code=code, value=value).semi_join(keys, same)
            found.extend(_problem(row) for row in engine.rows(told.select("file", "row", "field", "code", "value")))
    return first(found)


def of_structure(source: Source, message: str) -> list[Problem]:
    """Rows of CSV files whose number of fields is not the header's, else what the reader had to say."""
    found = list(islice((problem for part in source.parts if part.header for problem in _ragged(part)), MOST + 1))
    files = [str(file) for part in source.parts for file in part.files]
    named = next((file for file in files if file in message), files[0] if len(files) == 1 else source.name)
    return first(found) or [Problem("unreadable", value=message.splitlines()[0][:200], file=named)]


def first(found: list[Problem]) -> list[Problem]:
    """The first MOST of an input's problems, in the order of files and rows, and whether there are more."""
    told = [problem for problem in found if problem.code != FURTHER]
    ordered = sorted(told, key=lambda problem: (problem.file, problem.row or 0, problem.field))
    more = [Problem(FURTHER)] if len(ordered) > MOST or len(told) < len(found) else []
    return ordered[:MOST] + more


def _ragged(part: Part) -> Iterator[Problem]:
    for file in part.files:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                rows = csv.reader(opened, strict=True)
                next(rows, None)
                for number, row in enumerate((row for row in rows if row), start=1):
                    if len(row) != len(part.header):
                        code = "too_few_fields" if len(row) < len(part.header) else "too_many_fields"
                        yield Problem(code, value=str(len(row)), file=str(file), row=number)
        except UnicodeDecodeError as wrong:
            yield Problem("bad_encoding", value=str(wrong.reason), file=str(file))
        except csv.Error as wrong:
            yield Problem("bad_quotes", value=str(wrong), file=str(file))


def _numbered(engine: DuckDB, source: Source) -> Iterator[ir.Table]:
    """Every file's rows as sent, with `file` and `row` from 1."""
    for part in source.parts:
        if part.rows is not None:
            number = pa.array(range(1, part.rows.num_rows + 1), pa.int64())
            yield engine.table(part.rows.append_column("row", number)).mutate(file=ibis.literal(source.name))
        for file in part.files:
            if part.header:
                table = engine.read_csv([file], part.header, parallel=False)
                yield table.mutate(file=ibis.literal(str(file)), row=ibis.row_number() + 1)
            else:
                table = engine.read_parquet([file], numbered=True)
                yield table.mutate(file=ibis.literal(str(file)), row=table.file_row_number + 1).drop("file_row_number")


def typed(engine: DuckDB, source: Source) -> Iterator[ir.Table]:
    """Every file's rows of which all cells are right, as values, with `file` and `row` from 1."""
    for numbered in _numbered(engine, source):
        found = cells(numbered, source.columns)
        values = {cell.name: cell.value for cell in found if cell.value is not None}
        yield numbered.filter(right(found)).select("file", "row", **values)


def _text(value: str) -> ir.Value:
    return ibis.literal(value)


def _problem(row: dict[str, Any]) -> Problem:
    return Problem(row["code"], field=row["field"], value=row["value"][:80], file=row["file"], row=row["row"])
