"""Adds up the stored lines of a month by platform, of each order only the last statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb

from portal.domain.platform_months import StoredMonth
from portal.domain.settlements import ROWS_PER_DELIVERY, WON_COLUMNS
from portal.domain.statements import FIGURES

_FEES = [name for name in WON_COLUMNS if name != "order_amount"]


def months(paths: Sequence[Path], *, statements: Collection[int], work: Path) -> dict[str, StoredMonth]:
    """Platform -> what the lines of these files come to; the files are all those of one month.

    `statements`: the deliveries whose lines stand for several orders: they tell costs, but are no orders.
    """
    if not paths:
        return {}
    sums = {name: f"coalesce(sum({name}) FILTER (status = 'completed'), 0)::BIGINT" for name in _FEES}
    with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB", "temp_directory": str(work)}) as engine:
        rows = engine.execute(
            f"""
            WITH counting AS (
                SELECT *, NOT list_contains($statements::BIGINT[], received_seq // {ROWS_PER_DELIVERY}) AS is_order
                FROM read_parquet($paths)
                QUALIFY row_number() OVER (PARTITION BY platform, order_no ORDER BY received_seq DESC) = 1)
            SELECT platform,
                   count(*) FILTER (is_order AND status = 'completed'),
                   count(*) FILTER (is_order AND status = 'cancelled'),
                   coalesce(sum(order_amount) FILTER (is_order AND status = 'completed'), 0)::BIGINT,
                   {", ".join(sums.values())}
            FROM counting GROUP BY platform
            """,  # noqa: S608 (our own words)
            {"paths": [str(path) for path in paths], "statements": list(statements)},
        ).fetchall()
    names = ("orders", "cancelled", "order_amount", *sums)
    return {platform: StoredMonth(_in_order(dict(zip(names, found, strict=True)))) for platform, *found in rows}


def _in_order(figures: dict[str, int]) -> dict[str, int]:
    return {name: figures[name] for name in FIGURES}
