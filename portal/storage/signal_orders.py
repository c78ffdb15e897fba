"""The completed orders of linked stores out of stored lines, business by business, for the rules of signals."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from portal.domain.assessment import LinkPeriod
from portal.domain.periods import Month, month_of
from portal.domain.signal_facts import Order, Orders

_AT_ONCE = 20_000

# The last statement about an order tells how it stands; any of them may have told that it was cancelled.
_TOLD = """
    WITH told AS (
        SELECT line.platform, line.store_id, line.order_no,
               arg_max(line.ordered_at, line.received_seq) AS ordered_at,
               arg_max(line.order_amount, line.received_seq) AS amount,
               arg_max(line.status, line.received_seq) AS status,
               bool_or(line.status = 'cancelled') AS was_cancelled
        FROM read_parquet(getvariable('paths')) AS line
        WHERE coalesce(line.origin_key, '') = ''
        GROUP BY line.platform, line.store_id, line.order_no)
    SELECT link.merchant, told.platform, told.order_no, told.ordered_at, told.amount::BIGINT, told.was_cancelled
    FROM told JOIN link ON link.platform = told.platform AND link.store_id = told.store_id
         AND told.ordered_at::DATE >= link.valid_from AND told.ordered_at::DATE <= coalesce(link.valid_to, '9999-12-31')
    WHERE told.status = 'completed' AND told.amount > 0
    ORDER BY link.merchant, told.ordered_at, told.platform, told.order_no
"""


def of_businesses(
    paths: Sequence[Path], links: Sequence[LinkPeriod], *, since: Month, work: Path
) -> Generator[tuple[int, Orders]]:
    """Merchant id with its orders by month, of files of the months from `since` on; who has none is left out.

    An order that a delivery agency tells of again (`origin_key`) counts once. `work`: a folder to spill to.
    """
    chosen = [str(path) for path in paths if path.parts[-2] >= since]
    if not chosen or not links:
        return
    with (
        tempfile.TemporaryDirectory(dir=work) as spill,
        duckdb.connect(config={"threads": 2, "memory_limit": "256MiB", "temp_directory": spill}) as engine,
    ):
        engine.register("link", _table(links))
        engine.execute("SET VARIABLE paths = $1", [chosen])
        told = engine.execute(_TOLD)
        for merchant, rows in groupby(_rows(told), key=lambda row: row[0]):
            orders: dict[Month, list[Order]] = defaultdict(list)
            for _merchant, *order in rows:
                one = Order(*order)
                orders[month_of(one.ordered_at.date())].append(one)
            yield merchant, orders


def _rows(told: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while rows := told.fetchmany(_AT_ONCE):
        yield from rows


def _table(links: Sequence[LinkPeriod]) -> pa.Table:
    return pa.table(
        {
            "merchant": pa.array([int(link.merchant_id) for link in links], pa.int64()),
            "platform": pa.array([link.platform for link in links], pa.string()),
            "store_id": pa.array([link.store_id for link in links], pa.string()),
            "valid_from": pa.array([link.valid_from for link in links], pa.date32()),
            "valid_to": pa.array([link.valid_to for link in links], pa.date32()),
        }
    )
