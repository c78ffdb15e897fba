"""What the stored lines of one platform and month add up to, each order counted once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from portal.domain.settlements import WON_COLUMNS
from portal.domain.statements import FIGURES


def month_figures(paths: Sequence[Path]) -> dict[str, int]:
    """Completed and cancelled orders, and won over the completed ones, by the newest line of every order."""
    if not paths:
        return dict.fromkeys(FIGURES, 0)
    sums = ", ".join(f"coalesce(sum({name}) FILTER (status = 'completed'), 0)::BIGINT" for name in WON_COLUMNS)
    with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB"}) as engine:
        engine.execute("SET VARIABLE paths = $1", [[str(path) for path in paths]])
        row = engine.execute(
            f"""
            SELECT count(*) FILTER (status = 'completed'), count(*) FILTER (status = 'cancelled'), {sums}
            FROM (SELECT * FROM read_parquet(getvariable('paths'))
                  QUALIFY row_number() OVER (PARTITION BY order_no ORDER BY received_seq DESC) = 1)
            """  # noqa: S608 - our own words
        ).fetchone()
    return dict(zip(FIGURES, row or (), strict=True))
