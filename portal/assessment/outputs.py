"""The files an assessment writes: aside first, whole, then renamed, so that a reader never meets half of one."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from portal.domain.assessment import Cut, ExplainedLine, Reason
from portal.domain.money import E4, round_down
from portal.domain.periods import Month

CLAIM_COLUMNS = ("programme", "merchant_id", "period", "lines", "exact_e4", "payable")
_REASONS = pa.array([str(reason) for reason in Reason])
_STATUSES = pa.array(["completed", "cancelled"])
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


def write_claims(path: Path, batches: Iterable[pa.RecordBatch], units: Mapping[str, int], merchants: pa.Array) -> None:
    """claims.csv from sorted batches with programme_no, merchant, month, lines, exact_e4.

    `units`: what claims are rounded down to, by programme, in the order of their numbers; `merchants`: names likewise.
    """
    programmes, rounded = pa.array(units), pa.array(units.values(), pa.int64())
    quoted = _needs_quotes(programmes) or _needs_quotes(merchants)
    with path.open("wb") as out:
        out.write((",".join(CLAIM_COLUMNS) + "\n").encode())
        for batch in batches:
            exact, unit = batch["exact_e4"], rounded.take(batch["programme_no"])
            steps = _whole(_whole(exact, E4), unit)  # whole numbers, none negative
            columns = [
                programmes.take(batch["programme_no"]),
                merchants.take(batch["merchant"]),
                _by_value(batch["month"], month_text, pa.string()),
                *(batch["lines"], exact, pc.call_function("multiply", [steps, unit])),
            ]
            _write_csv(out, pa.table(columns, CLAIM_COLUMNS), quoted=quoted)


def _write_csv(out: BinaryIO, rows: pa.Table, *, quoted: bool) -> None:
    """Rows without header, texts quoted only where they must be."""
    if not quoted:
        pa_csv.write_csv(rows, out, pa_csv.WriteOptions(include_header=False, quoting_style="none"))
        return
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\n").writerows(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    out.write(lines.getvalue().encode())


def _whole(amounts: pa.Array, by: pa.Array | int) -> pa.Array:
    return pc.call_function("divide", [amounts, by])


def _needs_quotes(names: pa.Array) -> bool:
    marked = pc.call_function("match_substring_regex", [names], pc.MatchSubstringOptions('[,"\r\n]'))
    return bool(pc.call_function("any", [marked]).as_py())


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of decisions stand for, in the order of the numbers; -1 is nobody and nothing."""

    merchants: pa.Array
    platforms: pa.Array
    programmes: pa.Array
    items: pa.Array
    legals: pa.Array


LINE_SCHEMA = pa.schema(
    [
        ("platform", pa.string()),
        ("order_no", pa.string()),
        ("received_seq", pa.int64()),
        ("item", pa.string()),
        ("programme", pa.string()),
        ("merchant_id", pa.string()),
        ("amount_e4", pa.int64()),
        ("reason", pa.string()),
    ]
)
EXPLANATION_SCHEMA = pa.schema(
    [
        ("merchant_id", pa.string()),
        ("period", pa.string()),
        ("ordered_at", pa.timestamp("us")),
        ("platform", pa.string()),
        ("order_no", pa.string()),
        ("received_seq", pa.int64()),
        ("item", pa.string()),
        ("programme", pa.string()),
        ("channel", pa.string()),
        ("status", pa.string()),
        ("basis", pa.int64()),
        ("kind_e4", pa.int64()),
        ("cuts", pa.string()),
        ("amount_e4", pa.int64()),
        ("reason", pa.string()),
        ("legal", pa.string()),
    ]
)


def write_decisions(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, names: Names) -> None:
    """Decisions in numbers as Parquet with names, in row groups of one size, in the order in which they come."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            told = _in_words(batch, names)
            rows = pa.table([told[name]() if name in told else batch[name] for name in schema.names], schema.names)
            writer.write_table(rows.cast(schema), row_group_size=_ROWS_PER_GROUP)


def _in_words(batch: pa.RecordBatch, names: Names) -> dict[str, Callable[[], pa.Array]]:
    return {
        "merchant_id": lambda: _named(batch["merchant"], names.merchants),
        "platform": lambda: _named(batch["platform_no"], names.platforms),
        "programme": lambda: _named(batch["programme_no"], names.programmes),
        "item": lambda: _named(batch["item_no"], names.items),
        "legal": lambda: _named(batch["legal_no"], names.legals),
        "reason": lambda: _named(batch["reason_no"], _REASONS),
        "status": lambda: _named(batch["said_cancelled"].cast(pa.int32()), _STATUSES),
        "period": lambda: pc.call_function("strftime", [batch["ordered_at"]], pc.StrftimeOptions("%Y-%m")),
    }


def _named(numbers: pa.Array, names: pa.Array) -> pa.Array:
    known = pc.call_function("if_else", [pc.call_function("less", [numbers, 0]), None, numbers])
    return names.take(known).fill_null("")


def write_parquet(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> None:
    """The batches as they come."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=_ROWS_PER_GROUP)


def _by_value(column: pa.Array, told: Callable[[Any], Any], kind: pa.DataType) -> pa.Array:
    """What is told of each value, asked once for each different one."""
    values = column.dictionary_encode()
    answers = pa.array([told(value) for value in values.dictionary.to_pylist()], kind)
    return pa.DictionaryArray.from_arrays(values.indices, answers).dictionary_decode()


def explain(path: Path, merchant_id: str, period: str) -> list[ExplainedLine]:
    """A merchant's month out of a file of explanations, in the order of the orders; only its row groups are read."""
    wanted = [("merchant_id", "=", merchant_id), ("period", "=", period)]
    order = [(name, "ascending") for name in ("ordered_at", "platform", "order_no", "item", "received_seq")]
    return [_explained(row) for row in pq.read_table(path, filters=wanted).sort_by(order).to_pylist()]


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
