"""The rules of portal.domain.settlements as expressions of the engine: which fault a cell has, what it becomes.

Only names and codes of our own tables get into the text of a statement; what partners send stays in columns.
"""

from __future__ import annotations

from datetime import date

from portal.domain.settlements import (
    MAX_TEXT,
    MAX_WON,
    ColumnKind,
    LineColumn,
    LineFault,
    month_bounds,
)

VALUE = 80  # characters of a refused cell that are kept

_F = LineFault
# The engine's cast takes 24:00, 2026-3-1 and `infinity`, and drops a zone without a word: the shape is checked first.
_TIME = r"\d{4}-\d{2}-\d{2}[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
_ZONE = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}.*([Zz]|[+-]\d{2}(:?\d{2})?|[A-Za-z]{2,}.*)"

_ORIGIN_KEY = "[a-z0-9][a-z0-9_-]{0,31}:.+"


def value(column: LineColumn, name: str, platform: str) -> str:
    """The typed value of the cell whose text is `name`, NULL where the cell has a fault."""
    if column.name == "platform":
        return _text(platform)
    if column.kind is ColumnKind.WON:
        return f"try_cast({name} AS BIGINT)"
    if column.kind is ColumnKind.TIME:
        return f"try_cast({name} AS TIMESTAMP)"
    return name


def certain(column: LineColumn, name: str, typed: str, platform: str, period: str) -> str:
    """A cheap condition that no cell with a fault meets, and nearly every good one; `typed`: its value.

    It decides nothing: where it does not hold, `fault` is asked. Every cell for which it holds has to have no fault.
    """
    if column.name == "platform":
        return f"{name} IN ('', {_text(platform)})"
    if column.kind is ColumnKind.CHOICE:
        return f"{name} IN ({', '.join(map(_text, column.choices))})"
    if column.kind is ColumnKind.WON:
        return f"({typed} BETWEEN 0 AND {MAX_WON} AND {typed}::VARCHAR = {name})"
    if column.kind is ColumnKind.TIME:
        start, end = month_bounds(period)
        printed = f"{typed}::VARCHAR = {name}"
        other = f"strlen({name}) IN (16, 19) AND starts_with({typed}::VARCHAR, replace({name}, 'T', ' '))"
        return f"({typed} >= {_day(start)} AND {typed} < {_day(end)} AND {_unless(printed, other)})"
    if column.name == "origin_key":
        key = f"strlen({name}) <= {MAX_TEXT} AND regexp_full_match({name}, '{_ORIGIN_KEY}')"
        return _unless(f"{name} = ''", key)
    return f"({name} <> '' AND strlen({name}) <= {MAX_TEXT})"


def _unless(usual: str, other: str) -> str:
    """Either; the engine works out both sides of an OR for every row, but a branch only for the rows that take it."""
    return f"CASE WHEN {usual} THEN true ELSE {other} END"


def fault(column: LineColumn, name: str, platform: str, period: str) -> str:
    """A CASE with the code of the first fault of the cell whose text is `name`, NULL for a good one."""
    if column.name == "platform":
        return f"CASE WHEN {name} NOT IN ('', {_text(platform)}) THEN '{_F.WRONG_PLATFORM}' END"
    tests = [f"WHEN {name} = '' THEN " + (f"'{_F.MISSING_VALUE}'" if column.filled else "NULL")]
    if column.kind is ColumnKind.CHOICE:
        tests.append(f"WHEN {name} NOT IN ({', '.join(map(_text, column.choices))}) THEN '{column.unknown}'")
    elif column.kind is ColumnKind.TIME:
        tests += _time_tests(name, period)
    elif column.kind is ColumnKind.WON:
        tests += _won_tests(name)
    else:
        tests.append(f"WHEN length({name}) > {MAX_TEXT} THEN '{_F.TOO_LONG}'")
    if column.name == "origin_key":
        tests.append(f"WHEN NOT regexp_full_match({name}, '{_ORIGIN_KEY}') THEN '{_F.BAD_ORIGIN_KEY}'")
    return f"CASE {' '.join(tests)} END"


def _time_tests(name: str, period: str) -> list[str]:
    start, end = month_bounds(period)
    parsed = f"try_cast({name} AS TIMESTAMP)"
    return [
        f"WHEN NOT regexp_full_match({name}, '{_TIME}') THEN "
        f"CASE WHEN regexp_full_match({name}, '{_ZONE}') THEN '{_F.HAS_ZONE}' ELSE '{_F.NOT_A_TIMESTAMP}' END",
        f"WHEN {parsed} IS NULL THEN '{_F.NOT_A_TIMESTAMP}'",
        f"WHEN {parsed} < {_day(start)} OR {parsed} >= {_day(end)} THEN '{_F.OUTSIDE_MONTH}'",
    ]


def _won_tests(name: str) -> list[str]:
    # The cast rounds 1.5, reads 1e3 and 1_000: only text that the number prints again is a whole number here.
    number = f"try_cast({name} AS BIGINT)"
    return [
        f"WHEN {number} IS NULL OR {number}::VARCHAR <> {name} THEN "
        f"CASE WHEN regexp_full_match({name}, '-?[0-9]{{19,}}') "
        f"THEN '{_F.OUT_OF_RANGE}' ELSE '{_F.NOT_AN_INTEGER}' END",
        f"WHEN {number} < 0 THEN '{_F.NEGATIVE}'",
        f"WHEN {number} > {MAX_WON} THEN '{_F.OUT_OF_RANGE}'",
    ]


def _day(day: date) -> str:
    return f"TIMESTAMP '{day.isoformat()}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
