"""The average orders of one delivery's stored lines, by channel and store, where they lie outside their band."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from portal.domain.order_values import FEW, SHOWN, Band, OrderValues, OutsideBand


def outside(parquet: Path, bands: Sequence[Band], *, work: Path) -> OrderValues:
    """Completed orders with an amount, at least FEW of them; channels without a band are left alone.

    `work`: a folder to spill to.
    """
    if not bands:
        return OrderValues()
    with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB", "temp_directory": str(work)}) as engine:
        engine.register("band", _table(bands))
        rows = engine.execute(
            """
            WITH store AS (
                SELECT store_id, channel, count(*) AS orders, sum(order_amount) AS won FROM read_parquet($path)
                WHERE status = 'completed' AND order_amount > 0 GROUP BY ALL),
            average AS (
                FROM store UNION ALL SELECT '', channel, sum(orders), sum(won) FROM store GROUP BY channel)
            SELECT store_id, channel, orders::BIGINT,
                   CASE WHEN won < least * orders THEN won // orders ELSE ceil(won / orders) END::BIGINT, least, most,
                   (count(*) FILTER (store_id <> '') OVER ())::BIGINT
            FROM average JOIN band USING (channel)
            WHERE orders >= $few AND (won < least * orders OR won > most * orders)
            ORDER BY store_id <> '', orders DESC, store_id, channel LIMIT $limit
            """,
            {"path": str(parquet), "few": FEW, "limit": SHOWN + len(bands)},
        ).fetchall()
    found = [OutsideBand(*row[:-1]) for row in rows]
    whole = [each for each in found if not each.store_id]
    stores = [each for each in found if each.store_id][:SHOWN]
    return OrderValues([*whole, *stores], rows[0][-1] if rows else 0)


def _table(bands: Sequence[Band]) -> pa.Table:
    return pa.table(
        {
            "channel": pa.array([band.channel for band in bands], pa.string()),
            "least": pa.array([band.least for band in bands], pa.int64()),
            "most": pa.array([band.most for band in bands], pa.int64()),
        }
    )
