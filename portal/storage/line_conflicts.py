"""Compares stored statements: orders about which the deliveries of one platform do not agree, whatever their months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from portal.domain.conflicts import COMPARED, OrderConflict, OrderKey
from portal.domain.settlements import STORED_COLUMNS, SettlementLine

# 128 bits of a statement's content; the length before each text keeps two texts from being read as two others.
_PRINT = "md5_number(concat_ws('|', " + ", ".join(f"length({name}::VARCHAR), {name}" for name in COMPARED) + "))"


def conflicts(
    paths: Sequence[Path],
    settled: Mapping[OrderKey, int],
    *,
    before: int | None = None,
    limit: int = 50,
    order_no: str | None = None,
    work: Path,
) -> list[OrderConflict]:
    """A page of them, those told of last first. `settled`: the receipt that somebody said counts; what was received
    before it is past, what is received later may contradict it. `work`: a folder to spill to."""
    if not paths:
        return []
    with duckdb.connect(config={"threads": 2, "memory_limit": "256MiB", "temp_directory": str(work)}) as engine:
        engine.execute("SET VARIABLE paths = $1", [[str(path) for path in paths]])
        engine.register("settled", _table(settled))
        rows = engine.execute(
            f"""
            WITH often AS (
                SELECT platform, order_no FROM read_parquet(getvariable('paths'))
                WHERE order_no = coalesce($order_no::VARCHAR, order_no)
                GROUP BY ALL HAVING count(*) > 1),
            told AS (
                SELECT *, {_PRINT} AS print FROM read_parquet(getvariable('paths'))
                SEMI JOIN often USING (platform, order_no)),
            living AS (
                SELECT told.* FROM told LEFT JOIN settled USING (platform, order_no)
                WHERE received_seq >= coalesce(settled.counts, 0)),
            found AS (
                SELECT platform, order_no, max(received_seq) AS latest FROM living
                GROUP BY ALL
                HAVING min(print) <> max(print) AND max(received_seq) < coalesce($before::BIGINT, 9223372036854775807)
                ORDER BY latest DESC LIMIT $most)
            SELECT {", ".join(STORED_COLUMNS)}
            FROM living JOIN found USING (platform, order_no)
            QUALIFY row_number() OVER (PARTITION BY latest, print ORDER BY received_seq DESC) = 1
            ORDER BY latest DESC, received_seq DESC
            """,  # noqa: S608 (our own columns)
            {"order_no": order_no, "before": before, "most": limit},
        ).fetchall()
    return _grouped(rows)


def line_at(path: Path, received_seq: int) -> SettlementLine | None:
    """The one line of a file with this receipt."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "256MiB"}) as engine:
        row = engine.execute(
            f"SELECT {', '.join(STORED_COLUMNS)} FROM read_parquet($path) WHERE received_seq = $seq",  # noqa: S608
            {"path": str(path), "seq": received_seq},
        ).fetchone()
    return SettlementLine(*row) if row else None


def _table(settled: Mapping[OrderKey, int]) -> pa.Table:
    return pa.table(
        {
            "platform": pa.array([key.platform for key in settled], pa.string()),
            "order_no": pa.array([key.order_no for key in settled], pa.string()),
            "counts": pa.array(list(settled.values()), pa.int64()),
        }
    )


def _grouped(rows: Sequence[tuple[Any, ...]]) -> list[OrderConflict]:
    versions: dict[OrderKey, list[SettlementLine]] = {}
    for values in rows:
        line = SettlementLine(*values)
        versions.setdefault(OrderKey(line.platform, line.order_no), []).append(line)
    return [OrderConflict(key, lines) for key, lines in versions.items()]
