"""Finds among stored lines the orders that somebody is about to tell once more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from portal.domain.evidence_lines import Sought
from portal.domain.settlements import STORED_COLUMNS, SettlementLine

BY_NUMBER, BY_ORIGIN, BY_LOOKS = "number", "origin", "looks"
_COLUMNS = ", ".join(f"line.{name}" for name in STORED_COLUMNS)


def told(
    paths: Sequence[Path], sought: Sequence[Sought], stores: Collection[tuple[str, str]], *, work: Path
) -> list[tuple[int, str, SettlementLine]]:
    """(Place of the line sought, how it was found, the last stored statement), by place and newest first.

    By its number at the same platform; by its order key at another; one without a number by looks: another order of
    one of `stores` (platform, store id) at the same minute over the same amount. `work`: a folder to spill to.
    """
    if not paths or not sought:
        return []
    with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB", "temp_directory": str(work)}) as engine:
        engine.execute("SET VARIABLE paths = $1", [[str(path) for path in paths]])
        engine.register("sought", _sought(sought))
        engine.register("stores", _stores(stores))
        rows = engine.execute(
            f"""
            WITH line AS (SELECT * FROM read_parquet(getvariable('paths'))),
            found AS (
                SELECT place, '{BY_NUMBER}' AS how, {_COLUMNS} FROM line JOIN sought
                    ON line.platform = sought.platform AND line.order_no = sought.order_no
                UNION ALL
                SELECT place, '{BY_ORIGIN}', {_COLUMNS} FROM line JOIN sought
                    ON line.platform <> sought.platform
                    AND if(line.origin_key = '', line.platform || ':' || line.order_no, line.origin_key) = sought.key
                UNION ALL
                SELECT place, '{BY_LOOKS}', {_COLUMNS} FROM line
                    JOIN stores ON line.platform = stores.platform AND line.store_id = stores.store_id
                    JOIN sought ON NOT sought.numbered AND line.order_amount = sought.order_amount
                    AND date_trunc('minute', line.ordered_at) = sought.ordered_at
                    WHERE line.platform <> sought.platform OR line.order_no <> sought.order_no)
            SELECT * FROM found
            QUALIFY row_number() OVER (PARTITION BY place, how, platform, order_no ORDER BY received_seq DESC) = 1
            ORDER BY place, received_seq DESC, how
            """  # noqa: S608 (our own columns)
        ).fetchall()
    return [(place, how, SettlementLine(*values)) for place, how, *values in rows]


def _sought(lines: Sequence[Sought]) -> pa.Table:
    return pa.table(
        {
            "place": pa.array([line.place for line in lines], pa.int64()),
            "platform": pa.array([line.platform for line in lines], pa.string()),
            "order_no": pa.array([line.order_no for line in lines], pa.string()),
            "key": pa.array([line.origin_key or f"{line.platform}:{line.order_no}" for line in lines], pa.string()),
            "ordered_at": pa.array([line.ordered_at.replace(second=0) for line in lines], pa.timestamp("us")),
            "order_amount": pa.array([line.order_amount for line in lines], pa.int64()),
            "numbered": pa.array([line.numbered for line in lines], pa.bool_()),
        }
    )


def _stores(stores: Collection[tuple[str, str]]) -> pa.Table:
    rows = sorted(stores)
    return pa.table(
        {
            "platform": pa.array([platform for platform, _ in rows], pa.string()),
            "store_id": pa.array([store_id for _, store_id in rows], pa.string()),
        }
    )
