"""Refused rows of a delivery as the reader left them: read back for the page and for the file that goes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from portal.domain.errors import Problem

_BATCH = 4096


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`row` counts from 1 after the header; `raw` is the line as delivered, shortened."""

    row: int
    problems: tuple[Problem, ...]
    raw: str


def rows(path: Path) -> Iterator[RefusedRow]:
    """Every refused row, in the order of the file, in constant memory."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH, columns=["row", "problems", "raw"]):
            for found in batch.to_pylist():
                problems = tuple(
                    Problem(each["code"], field=each["field"], value=each["value"] or "", row=found["row"])
                    for each in found["problems"]
                )
                yield RefusedRow(found["row"], problems, found["raw"] or "")
