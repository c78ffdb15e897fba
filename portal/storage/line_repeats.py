"""Orders told more than once in one delivery: found by hashes of all order numbers, then looked at one by one.

Four bytes a line tell which lines may repeat; only these are read again, so that memory does not grow with the content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from portal.domain.settlements import COLUMNS, LineFault
from portal.storage import line_checks
from portal.storage.columns import is_among
from portal.storage.csv_rows import RAW
from portal.storage.line_staging import Staged, gathered

HASH = "(hash(order_no) >> 32)::UINTEGER"
REPEATED = "repeated (received_seq BIGINT, order_no VARCHAR, raw VARCHAR, code VARCHAR)"
_AT_ONCE = 2_000  # lines; what a filter lets through keeps the room of what it was given
_PART = 1_000_000  # hashes that are counted at a time

_NAMES = [column.name for column in COLUMNS]
_CONTENT = [name for name in _NAMES if name not in ("platform", "order_no")]


def find(engine: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Lines that cannot stand into tables `repeated` and `refused`: told alike, the first stands; else none of them.

    The lines are `staged` and table `mended`.
    """
    often = _often(engine, staged)
    if not len(often):
        return
    told = f"""
        SELECT received_seq, order_no, row({", ".join(_CONTENT)}) AS content,
               left(concat_ws(',', {", ".join(_NAMES)}), {RAW}) AS raw
    """
    engine.execute(f"CREATE TABLE candidate AS {told} FROM mended WHERE {HASH} IN (SELECT hash FROM often)")  # noqa: S608
    for lines in gathered(_among(staged.reader(), often), _AT_ONCE):
        engine.register("lines", lines)
        engine.execute(f"INSERT INTO candidate {told} FROM lines")
        engine.unregister("lines")
    engine.execute(f"""
        INSERT INTO repeated
        SELECT received_seq, order_no, raw,
               CASE WHEN min(content) OVER o <> max(content) OVER o THEN '{LineFault.SAME_KEY_OTHER_CONTENT}'
                    WHEN received_seq > min(received_seq) OVER o THEN '{LineFault.DUPLICATE_IN_FILE}' END AS code
        FROM candidate WINDOW o AS (PARTITION BY order_no) QUALIFY code IS NOT NULL ORDER BY received_seq
    """)  # noqa: S608
    engine.execute(f"""
        INSERT INTO refused
        SELECT received_seq, [{{code: code, field: 'order_no', value: left(order_no, {line_checks.VALUE})}}], raw
        FROM repeated
    """)  # noqa: S608


def _often(engine: duckdb.DuckDBPyConnection, staged: Staged) -> pa.ChunkedArray:
    """The hashes that are there more than once; some millions are counted at a time."""
    engine.execute(f"CREATE TABLE hashes AS SELECT {HASH} AS hash FROM mended")  # noqa: S608
    engine.register("held", staged.hashes())
    parts = 1 + staged.count // _PART
    for part in range(parts):
        counted = f"""
            SELECT hash FROM (FROM held UNION ALL FROM hashes) WHERE hash % {parts} = {part}
            GROUP BY hash HAVING count(*) > 1
        """  # noqa: S608 - numbers of our own
        engine.execute(f"{'INSERT INTO often' if part else 'CREATE TABLE often AS'} {counted}")
    engine.unregister("held")
    return engine.sql("FROM often").to_arrow_table()["hash"]


def _among(staged: Iterable[pa.RecordBatch], often: pa.ChunkedArray) -> Iterator[pa.RecordBatch]:
    for lines in staged:
        found = lines.filter(is_among(lines["hash"], often))
        if found.num_rows:
            yield found
