"""Writing the command's inputs: terms as TOML, rows as CSV or Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def toml(values: dict[str, Any]) -> str:
    """The values as a TOML file."""
    tables = {"item", "pool"}
    text = [f"{name} = {_inline(value)}" for name, value in values.items() if name not in tables]
    for name in sorted(tables & values.keys()):
        for table in values[name]:
            text += [f"[[{name}]]", *(f"{inner} = {_inline(value)}" for inner, value in table.items())]
    return "\n".join(text) + "\n"


def write_csv(path: Path, rows: Sequence[dict[str, Any]], columns: list[str] | None = None) -> Path:
    """The rows as a CSV file with a header, None as an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_parquet(path: Path, rows: Sequence[dict[str, Any]], columns: list[str] | None = None) -> Path:
    """The rows as a Parquet file: whole numbers as int64, moments without zone."""
    names = columns or list(rows[0])
    arrays = {name: pa.array([row[name] for row in rows], _type(rows, name)) for name in names}
    pq.write_table(pa.table(arrays), path, row_group_size=64)
    return path


def _type(rows: Sequence[dict[str, Any]], name: str) -> pa.DataType | None:
    sample = next((row[name] for row in rows if row[name] is not None), None)
    if isinstance(sample, datetime):
        return pa.timestamp("us")
    return pa.int64() if isinstance(sample, int) else None


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{_inline(name)} = {_inline(inner)}" for name, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
