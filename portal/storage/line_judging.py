"""Judges rows of a delivery: cut into cells, checked, cast; accepted lines and refused rows written aside and counted.

It does not care where the rows come from: a child reads foreign files with it, a request the rows of a program.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from portal.domain.settlements import COLUMNS, ROWS_PER_DELIVERY, WON_COLUMNS, FileFault, LineFault
from portal.storage import line_checks
from portal.storage.csv_rows import RAW
from portal.storage.csv_text import refuse
from portal.storage.incoming import Incoming
from portal.storage.layout_cells import quoted

FIRST = 20  # problems that travel in the answer; all of them are in the file of refused rows

_NAMES = [column.name for column in COLUMNS]
_CONTENT = [name for name in _NAMES if name not in ("platform", "order_no")]


def judge(
    told: Incoming, job: dict[str, Any], into: Path, engine: duckdb.DuckDBPyConnection | None = None
) -> dict[str, Any]:
    """What became of the rows; accepted.parquet and refused.parquet are in `into`. Raises FileRefused for the file.

    `engine`: one that is there already and holds nothing; else one is made that sees `into` alone.
    """
    engine = engine or engine_within(into, job)
    _stage(engine, told, job)
    if told.rows.too_many:
        raise refuse(FileFault.TOO_MANY_ROWS, value=str(job["rows"]))
    if told.rows.count == 0:
        raise refuse(FileFault.NO_ROWS)
    (staged,) = _one(engine, "SELECT count(*) FROM staged")
    _find_repeats(engine)
    _write(engine, into, job["delivery_number"])
    about = {"rows": staged, "no_orders": told.rows.count - staged, "layout": told.layout.code}
    return {**about, "encoding": told.encoding, **_count(engine, into)}


def engine_within(into: Path, job: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """An engine that sees no file outside `into`, downloads nothing and spills instead of growing."""
    engine = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    for setting, setting_value in (
        ("memory_limit", f"{job['engine_memory'] >> 20}MiB"),
        ("threads", job["threads"]),
        ("temp_directory", str(into / "spill")),
        ("allowed_directories", [str(into)]),
        ("enable_external_access", False),
        ("lock_configuration", True),
    ):
        engine.execute(f"SET {setting} = $1", [setting_value])
    return engine


def _stage(engine: duckdb.DuckDBPyConnection, told: Incoming, job: dict[str, Any]) -> None:
    """All rows, cut and cast, into one table; the checks run once, on the way. The barrier is the table itself.

    Rows that the layout knows to be no orders are left out, if they are whole rows.
    """
    for name, text in (told.cells.above or {}).items():
        engine.execute(f"SET VARIABLE {name} = $1", [text])
    checks = line_checks.faults(job["platform"], job["period"])
    cells = ", ".join(f"{told.cells.texts[name]} AS v_{name}" for name in _NAMES)
    codes = ", ".join(f"{expression} AS k_{column.name}" for column, expression in checks)
    typed = ", ".join(f"{line_checks.value(column, job['platform'])} AS {column.name}" for column in COLUMNS)
    first = f"coalesce({', '.join(f'k_{name}' for name in _NAMES)})"
    each = ", ".join(
        f"{{code: k_{name}, field: {quoted(told.cells.labels[name])}, value: left(v_{name}, {line_checks.VALUE})}}"
        for name in _NAMES
    )
    engine.register("incoming", told.rows.reader())
    engine.execute(f"""
        CREATE TEMP TABLE staged AS
        WITH cut AS (SELECT row, line, fault, string_split(line, chr(31)) AS f FROM incoming),
        whole AS (SELECT *, CASE WHEN fault IS NOT NULL THEN fault
                                 WHEN len(f) < {told.width} THEN '{LineFault.TOO_FEW_FIELDS}'
                                 WHEN len(f) > {told.width} THEN '{LineFault.TOO_MANY_FIELDS}' END AS broken FROM cut),
        cells AS (SELECT row, line, broken, {cells} FROM whole WHERE broken IS NOT NULL OR NOT ({told.cells.no_order})),
        checked AS (SELECT *, {codes} FROM cells)
        SELECT row, {typed},
               CASE WHEN broken IS NOT NULL THEN [{{code: broken, field: '', value: ''}}]
                    WHEN {first} IS NULL THEN NULL
                    ELSE list_filter([{each}], lambda p: p.code IS NOT NULL) END AS problems,
               CASE WHEN broken IS NOT NULL OR {first} IS NOT NULL
                    THEN left(replace(line, chr(31), ','), {RAW}) END AS raw
        FROM checked
    """)  # noqa: S608 - our own tables
    engine.unregister("incoming")


def _find_repeats(engine: duckdb.DuckDBPyConnection) -> None:
    """Orders told more than once in this file. Told alike, the first row stands; told differently, none can."""
    engine.execute(f"""
        CREATE TEMP TABLE repeated AS
        WITH often AS (SELECT order_no FROM staged WHERE problems IS NULL GROUP BY order_no HAVING count(*) > 1),
        told AS (SELECT row, order_no, row({", ".join(_CONTENT)}) AS content, concat_ws(',', {", ".join(_NAMES)}) AS raw
                 FROM staged WHERE problems IS NULL AND order_no IN (FROM often))
        SELECT row, order_no, left(raw, {RAW}) AS raw,
               CASE WHEN min(content) OVER o <> max(content) OVER o THEN '{LineFault.SAME_KEY_OTHER_CONTENT}'
                    WHEN row > min(row) OVER o THEN '{LineFault.DUPLICATE_IN_FILE}' END AS code
        FROM told WINDOW o AS (PARTITION BY order_no) QUALIFY code IS NOT NULL
    """)  # noqa: S608


def _write(engine: duckdb.DuckDBPyConnection, into: Path, delivery_number: int) -> None:
    base = delivery_number * ROWS_PER_DELIVERY
    repeat = f"[{{code: code, field: 'order_no', value: left(order_no, {line_checks.VALUE})}}]"
    engine.execute(f"""
        COPY (SELECT {base} + row AS received_seq, {", ".join(_NAMES)} FROM staged
              WHERE problems IS NULL AND row NOT IN (SELECT row FROM repeated) ORDER BY row)
        TO {_quoted(into / "accepted.parquet")} (FORMAT parquet, COMPRESSION zstd)
    """)  # noqa: S608
    engine.execute(f"""
        COPY (SELECT row, problems[1].code AS code, problems[1].field AS field, problems[1].value AS value,
                     raw, problems
              FROM (SELECT row, problems, raw FROM staged WHERE problems IS NOT NULL
                    UNION ALL SELECT row, {repeat}, raw FROM repeated) ORDER BY row)
        TO {_quoted(into / "refused.parquet")} (FORMAT parquet, COMPRESSION zstd)
    """)  # noqa: S608


def _count(engine: duckdb.DuckDBPyConnection, into: Path) -> dict[str, Any]:
    """Counted from the written files, not from what was meant to be written."""
    sums = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in WON_COLUMNS)
    accepted, stores, cancelled, first, last, *totals = _one(engine, f"""
        SELECT count(*), count(DISTINCT store_id), count(*) FILTER (status = 'cancelled'),
               min(ordered_at)::DATE::VARCHAR, max(ordered_at)::DATE::VARCHAR, {sums}
        FROM read_parquet({_quoted(into / "accepted.parquet")})
    """)  # noqa: S608  # fmt: skip
    refused_rows = f"read_parquet({_quoted(into / 'refused.parquet')})"
    (refused,) = _one(engine, f"SELECT count(*) FROM {refused_rows}")  # noqa: S608
    by_code = engine.execute(f"""
        SELECT p.code, count(*) FROM (SELECT unnest(problems) AS p FROM {refused_rows}) GROUP BY 1 ORDER BY 2 DESC, 1
    """).fetchall()  # noqa: S608
    first_problems = engine.execute(f"""
        SELECT code, field, value, row FROM {refused_rows} ORDER BY row LIMIT {FIRST}
    """).fetchall()  # noqa: S608
    return {
        "accepted": accepted,
        "refused": refused,
        "stores": stores,
        "cancelled": cancelled,
        "period_from": first,
        "period_to": last,
        "totals": dict(zip(WON_COLUMNS, totals, strict=True)),
        "problems_by_code": dict(by_code),
        "first_problems": [list(problem) for problem in first_problems],
    }


def _one(engine: duckdb.DuckDBPyConnection, statement: str) -> tuple[Any, ...]:
    row = engine.execute(statement).fetchone()
    if row is None:
        raise RuntimeError("an aggregate without a row")
    return row


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
