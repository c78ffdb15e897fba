"""The files an assessment writes: aside first, whole, then renamed, so that a reader never meets half of one."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from portal.domain.assessment import Cut, ExplainedLine, Reason
from portal.domain.money import E4, round_down
from portal.domain.periods import Month

CLAIM_COLUMNS = ("programme", "merchant_id", "period", "lines", "exact_e4", "payable")
_ROWS_PER_GROUP = 65_536  # small enough that a merchant's month is found without reading much else


def publish(writers: Mapping[Path, Callable[[Path], None]]) -> None:
    """Writes every file aside, makes it durable, and renames all of them only when the last is complete."""
    for path in writers:
        if path.is_dir():  # told before anything is written: it would only come up while renaming
            raise IsADirectoryError(errno.EISDIR, "a folder stands where the output shall be", str(path))
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


def write_claims(path: Path, batches: Iterable[pa.RecordBatch], units: Mapping[str, int]) -> None:
    """claims.csv from sorted batches of programme, merchant_id, month, lines, exact_e4."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(CLAIM_COLUMNS)
        for batch in batches:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            writer.writerows(
                (programme, merchant, month_text(month), lines, exact, payable_won(exact, units[programme]))
                for programme, merchant, month, lines, exact in rows
            )


def write_parquet(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> None:
    """The batches as they come, in row groups of one size."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=_ROWS_PER_GROUP)


def with_periods(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches with `period` as text in the place of `month`."""
    for batch in batches:
        months = batch["month"].dictionary_encode()
        texts = pa.array([month_text(month) for month in months.dictionary.to_pylist()], pa.string())
        periods = pa.DictionaryArray.from_arrays(months.indices, texts).dictionary_decode()
        place = batch.schema.get_field_index("month")
        yield batch.set_column(place, "period", periods)


def explain(path: Path, merchant_id: str, period: str) -> list[ExplainedLine]:
    """A merchant's month out of a file of explanations, in the order of the orders; only its row groups are read."""
    wanted = [("merchant_id", "=", merchant_id), ("period", "=", period)]
    return [_explained(row) for row in pq.read_table(path, filters=wanted).to_pylist()]


def payable_won(exact_e4: int, unit: int) -> int:
    """Whole won, rounded down to a multiple of `unit`; the only rounding of an assessment."""
    return round_down(exact_e4 // E4, unit)


def month_text(month: int) -> Month:
    """`202603` -> `2026-03`."""
    return f"{month // 100:04d}-{month % 100:02d}"


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
