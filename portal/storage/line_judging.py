"""Judges rows of a delivery: cut into cells, checked, cast; accepted lines and refused rows written aside and counted.

It does not care where the rows come from: a child reads foreign files with it, a request the rows of a program.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from portal.domain.settlements import ROWS_PER_DELIVERY, STORED_COLUMNS, WON_COLUMNS, FileFault
from portal.storage import line_repeats, line_staging, line_statement
from portal.storage.columns import is_increasing
from portal.storage.csv_text import refuse
from portal.storage.in_order import ahead, in_order
from portal.storage.incoming import Incoming
from portal.storage.line_staging import Staged

FIRST = 20  # problems that travel in the answer; all of them are in the file of refused rows

_AT_ONCE = 25_000  # rows of one statement; planning one takes as long as judging five thousand rows
_TABLES = (
    "doubtful (row BIGINT, line VARCHAR, fault VARCHAR)",
    'refused (received_seq BIGINT, problems STRUCT(code VARCHAR, field VARCHAR, "value" VARCHAR)[], raw VARCHAR)',
    line_repeats.REPEATED,
    line_staging.MENDED,
)


def judge(told: Incoming, job: dict[str, Any], into: Path) -> dict[str, Any]:
    """What became of the rows; accepted.parquet and refused.parquet are in `into`. Raises FileRefused for the file."""
    with contextlib.closing(engine_within(into, job)) as engine, Staged(into / "staged.arrow") as staged:
        _stage(engine, told, job, staged)
        if told.rows.too_many:
            raise refuse(FileFault.TOO_MANY_ROWS, value=str(job["rows"]))
        if told.rows.count == 0:
            raise refuse(FileFault.NO_ROWS)
        _judge_doubtful(engine, told, job)
        mended, refused = _one(engine, "SELECT (SELECT count(*) FROM mended), (SELECT count(*) FROM refused)")
        line_repeats.find(engine, staged)
        line_staging.write(staged, engine, into / "accepted.parquet")
        _write_refused(engine, into / "refused.parquet", job["delivery_number"])
        counted = _count(engine, into)
    rows = staged.count + mended + refused
    about = {"rows": rows, "no_orders": told.rows.count - rows, "layout": told.layout.code}
    return {**about, "encoding": told.encoding, **counted}


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
    for table in _TABLES:
        engine.execute(f"CREATE TABLE {table}")
    return engine


def _stage(engine: duckdb.DuckDBPyConnection, told: Incoming, job: dict[str, Any], staged: Staged) -> None:
    """Rows that are certainly good into `staged`, those in doubt into table `doubtful`."""
    for rows in _cut_and_cast(engine, told, job):
        good = rows
        if rows["doubt"].null_count < len(rows):
            good = rows.filter(rows["doubt"].is_null())
            doubted = rows.select(["row", "doubt", "fault"]).filter(rows["doubt"].is_valid())
            engine.register("doubted", doubted)
            engine.execute("INSERT INTO doubtful FROM doubted")
            engine.unregister("doubted")
        staged.add(_sorted(good))
    if staged.count > line_staging.ROW_GROUP:
        pa.default_memory_pool().release_unused()  # half of what was held: the pieces are gone, their room was kept


def _judge_doubtful(engine: duckdb.DuckDBPyConnection, told: Incoming, job: dict[str, Any]) -> None:
    """By the rules, all at once: bad rows into table `refused`, the others into table `mended`.

    Planning the rules takes longer than judging some hundred rows by them.
    """
    with _cursor(engine, told) as own:
        if _one(own, "SELECT count(*) FROM doubtful") == (0,):
            return
        own.execute(f"CREATE TABLE ruled AS {line_statement.rules(told.cells, told.width, job)}")
        own.execute("DROP TABLE doubtful")
        own.execute("INSERT INTO refused SELECT received_seq, problems, raw FROM ruled WHERE problems IS NOT NULL")
        own.execute(f"INSERT INTO mended SELECT {', '.join(STORED_COLUMNS)} FROM ruled WHERE problems IS NULL")  # noqa: S608
        own.execute("DROP TABLE ruled")


def _cut_and_cast(engine: duckdb.DuckDBPyConnection, told: Incoming, job: dict[str, Any]) -> Iterator[pa.Table]:
    """The rows as lines, some in doubt; batches in the order of the file, which one statement would not keep."""
    reader = told.rows.reader()
    fast = line_statement.fast(told.cells, told.width, reader.schema.names, job)
    fast = f"SELECT *, {line_repeats.HASH} AS hash FROM ({fast})"  # noqa: S608

    def lines(rows: pa.Table) -> pa.Table:
        with _cursor(engine, told) as own:
            own.register("incoming", rows.combine_chunks())  # one batch, one thread: or their order would be lost
            return own.sql(fast).to_arrow_table()

    return in_order(lines, ahead(line_staging.gathered(reader, _AT_ONCE)), job["threads"])


def _sorted(lines: pa.Table) -> pa.Table:
    return lines if is_increasing(lines["received_seq"]) else lines.sort_by("received_seq")


def _cursor(engine: duckdb.DuckDBPyConnection, told: Incoming) -> duckdb.DuckDBPyConnection:
    cursor = engine.cursor()
    for name, text in (told.cells.above or {}).items():
        cursor.execute(f"SET VARIABLE {name} = $1", [text])
    return cursor


def _write_refused(engine: duckdb.DuckDBPyConnection, path: Path, delivery_number: int) -> None:
    engine.execute(f"""
        COPY (SELECT received_seq - {delivery_number * ROWS_PER_DELIVERY} AS row,
                     problems[1].code AS code, problems[1].field AS field, problems[1].value AS value, raw, problems
              FROM refused ORDER BY row)
        TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)
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
