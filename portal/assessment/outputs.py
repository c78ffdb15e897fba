"""The files an assessment writes: aside first, whole, then renamed, so that a reader never meets half of one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from portal.domain.assessment import Cut, ExplainedLine, Reason
from portal.domain.money import E4, round_down

CLAIM_COLUMNS = ("programme", "merchant_id", "period", "lines", "exact_e4", "payable")
_ROWS_PER_GROUP = 65_536  # small enough that a merchant's month is found without reading much else


def publish(writers: Mapping[Path, Callable[[Path], None]]) -> None:
    """Writes every file aside, makes it durable, and renames all of them only when the last is complete."""
    aside = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in writers}
    try:
        for path, write in writers.items():
            write(aside[path])
            _durable(aside[path])
        for path, part in aside.items():
            part.replace(path)
        for folder in {path.parent for path in writers}:
            _durable(folder)
    finally:
        for part in aside.values():
            part.unlink(missing_ok=True)


def write_claims(path: Path, batches: Iterable[pa.RecordBatch], units: Mapping[str, int]) -> int:
    """claims.csv from sorted batches of programme, merchant_id, month, lines, exact_e4; the number of claims."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join(CLAIM_COLUMNS) + "\n")
        for batch in batches:
            exact = batch["exact_e4"].to_pylist()
            programmes = batch["programme"].to_pylist()
            payable = [payable_won(one, units[code]) for one, code in zip(exact, programmes, strict=True)]
            cells = [
                _quoted(batch["programme"]),
                _quoted(batch["merchant_id"]),
                month_text(batch["month"]),
                batch["lines"].cast(pa.string()),
                batch["exact_e4"].cast(pa.string()),
                pa.array(payable, pa.int64()).cast(pa.string()),
            ]
            rows = pc.binary_join_element_wise(*cells, ",")
            out.writelines(f"{row}\n" for row in rows.to_pylist())
            written += batch.num_rows
    return written


def write_parquet(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> None:
    """The batches as they come, in row groups of one size."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=_ROWS_PER_GROUP)


def with_periods(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    """The batches with `period` as text in the place of `month`."""
    for batch in batches:
        names = ["period" if name == "month" else name for name in batch.schema.names]
        columns = [month_text(batch[name]) if name == "month" else batch[name] for name in batch.schema.names]
        yield pa.RecordBatch.from_arrays(columns, names=names)


def explain(path: Path, merchant_id: str, period: str) -> list[ExplainedLine]:
    """A merchant's month out of a file of explanations, in the order of the orders; only its row groups are read."""
    wanted = [("merchant_id", "=", merchant_id), ("period", "=", period)]
    return [_explained(row) for row in pq.read_table(path, filters=wanted).to_pylist()]


def payable_won(exact_e4: int, unit: int) -> int:
    """Whole won, rounded down to a multiple of `unit`; the only rounding of an assessment."""
    return round_down(exact_e4 // E4, unit)


def month_text(month: pa.Array) -> pa.Array:
    """`202603` -> `2026-03`."""
    digits = pc.utf8_lpad(month.cast(pa.string()), 6, "0")
    return pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(digits, 0, 4), pc.utf8_slice_codeunits(digits, 4, 6), "-"
    )


def _quoted(texts: pa.Array) -> pa.Array:
    """RFC 4180: quotes only where a text holds a comma, a quote or a line break."""
    doubled = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "")
    return pc.if_else(pc.match_substring_regex(texts, '[",\r\n]'), doubled, texts)


def _explained(row: dict[str, Any]) -> ExplainedLine:
    cuts = tuple(Cut(**cut) for cut in json.loads(row.pop("cuts")))
    ordered_at: datetime = row.pop("ordered_at")
    reason = Reason(row.pop("reason"))
    before = row.pop("kind_e4")
    return ExplainedLine(**row, ordered_at=ordered_at, cuts=cuts, reason=reason, amount_before_caps_e4=before)


def _durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
