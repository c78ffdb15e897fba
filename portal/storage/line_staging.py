"""Lines that have passed the checks, kept aside in the order of the file until it is known which orders repeat.

Arrow's own format: written and read again at the speed of memory, and never more than a batch of it in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from portal.domain.settlements import COLUMNS, STORED_COLUMNS, ColumnKind
from portal.storage.columns import count_up_to, is_absent
from portal.storage.in_order import ahead

BATCH = 16_384  # rows; one that is refused takes a kilobyte and more
ROW_GROUP = 122_880

# A dictionary of what is another each time would only be thrown away when it is full.
_REPEATING = [name for name in STORED_COLUMNS if name not in ("received_seq", "order_no", "ordered_at")]
_TYPES = {ColumnKind.WON: (pa.int64(), "BIGINT"), ColumnKind.TIME: (pa.timestamp("us"), "TIMESTAMP")}
_COLUMNS = {column.name: _TYPES.get(column.kind, (pa.string(), "VARCHAR")) for column in COLUMNS}
SCHEMA = pa.schema([("received_seq", pa.int64()), *((name, kind) for name, (kind, _) in _COLUMNS.items())])
_HASHED = pa.schema([*SCHEMA, ("hash", pa.uint32())])
MENDED = f"mended (received_seq BIGINT, {', '.join(f'{name} {kind}' for name, (_, kind) in _COLUMNS.items())})"


class Staged:
    """Lines in a file of their own; a context manager that removes it. `count` of them were added.

    A hash of each order number stays in memory: four bytes a line.
    """

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._path = path
        self._writer = pa.ipc.new_stream(str(path), _HASHED)
        self._hashes: list[pa.Array] = []

    def add(self, lines: pa.Table) -> None:
        """The columns of SCHEMA and `hash`, among others, in the order of the file."""
        self.count += len(lines)
        self._hashes += lines["hash"].chunks
        self._writer.write_table(lines.select(_HASHED.names))

    def hashes(self) -> pa.Table:
        return pa.table([pa.chunked_array(self._hashes, pa.uint32())], names=["hash"])

    def reader(self) -> pa.RecordBatchReader:
        """What was added, from the first line; nothing can be added after."""
        self._writer.close()
        return pa.ipc.open_stream(pa.OSFile(str(self._path)))

    def __enter__(self) -> Staged:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        self._path.unlink()


def gathered(batches: Iterable[pa.RecordBatch], at_least: int) -> Iterator[pa.Table]:
    """Tables of so many rows or a few more; the last may have fewer."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= at_least:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if rows:
        yield pa.Table.from_batches(held)


def write(staged: Staged, engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The lines that are staged or in table `mended` as Parquet, in order, without those that `repeated` names."""
    repeats = engine.execute("SELECT count(*) > 0 FROM repeated").fetchall() == [(True,)]
    settings = {"compression": "zstd", "store_schema": False, "use_dictionary": _REPEATING}
    with engine.cursor() as own, pq.ParquetWriter(str(path), SCHEMA, **settings) as writer:
        mended = own.sql("FROM mended ORDER BY received_seq").to_arrow_reader(BATCH)
        merged = gathered(_merged(_stored(staged.reader()), gathered(mended, 1)), ROW_GROUP)
        for kept in ahead(_without(engine, lines) if repeats else lines for lines in merged):
            writer.write_table(kept, len(kept) or 1)


def _stored(staged: pa.RecordBatchReader) -> Iterator[pa.Table]:
    return (lines.select(SCHEMA.names) for lines in gathered(staged, 1))


def _merged(some: Iterator[pa.Table], others: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
    """Two streams of lines, each in order, as one; never more than a piece of each is held."""
    one, other = next(some, None), next(others, None)
    while one is not None and other is not None:
        last = min(one["received_seq"][-1].as_py(), other["received_seq"][-1].as_py())
        ends = [count_up_to(lines["received_seq"], last) for lines in (one, other)]
        yield from pa.concat_tables([one[: ends[0]], other[: ends[1]]]).sort_by("received_seq").to_batches()
        one = one[ends[0] :] if ends[0] < len(one) else next(some, None)
        other = other[ends[1] :] if ends[1] < len(other) else next(others, None)
    for left, more in ((one, some), (other, others)):
        if left is not None:
            yield from left.to_batches()
        for lines in more:
            yield from lines.to_batches()


def _without(repeated: duckdb.DuckDBPyConnection, lines: pa.Table) -> pa.Table:
    first, last = (lines["received_seq"][at].as_py() for at in (0, len(lines) - 1))
    between = "SELECT received_seq FROM repeated WHERE received_seq BETWEEN $1 AND $2"
    found = repeated.sql(between, params=[first, last]).to_arrow_table()["received_seq"]
    return lines.filter(is_absent(lines["received_seq"], found)) if len(found) else lines
