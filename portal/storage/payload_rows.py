"""Rows that a program sent, already cut into cells, as numbered Arrow batches for the checks.

A row is what its line of a file would be: the same lines and faults as portal.storage.csv_rows makes of that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa

from portal.domain.settlements import LineFault
from portal.storage.csv_rows import RAW, SCHEMA
from portal.storage.csv_text import CONTROLS, SEPARATOR

_BATCH = 8_192
_ODD = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_READABLE = bytes.maketrans(CONTROLS, b"?" * len(CONTROLS))
_CONTROL = re.compile(b"[" + re.escape(CONTROLS) + b"]")
_NEEDS_QUOTES = re.compile('[,"\r]')


class PayloadRows:
    """Iterates once over rows of cells; like portal.storage.csv_rows.Rows. A row has one cell where it is no row."""

    def __init__(self, found: Sequence[Sequence[str]], *, line_bytes: int, most: int) -> None:
        self.count, self.too_many = 0, len(found) > most
        self._found, self._line_bytes = found, line_bytes
        self._surely_short = line_bytes // 8  # characters, which have four bytes at most and are quoted at the worst

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(SCHEMA, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for start in range(0, 0 if self.too_many else len(self._found), _BATCH):
            told = [self._line(cells) for cells in self._found[start : start + _BATCH]]
            self.count += len(told)
            rows = pa.array(range(start + 1, start + 1 + len(told)), pa.int64())
            lines, faults = (pa.array(each, pa.string()) for each in zip(*told, strict=True))
            yield pa.RecordBatch.from_arrays([rows, lines, faults], schema=SCHEMA)

    def _line(self, cells: Sequence[str]) -> tuple[str, str | None]:
        whole = "".join(cells)
        if len(whole) > self._surely_short or _ODD.search(whole):
            fault = self._fault(line := _as_csv(cells).encode("utf-8", "surrogatepass"))
            if fault is not None:
                return _shown(line), fault.value
        return SEPARATOR.join(cells), None

    def _fault(self, line: bytes) -> LineFault | None:
        if len(line) > self._line_bytes:
            return LineFault.LINE_TOO_LONG
        try:
            line.decode()
        except UnicodeDecodeError:  # half a character
            return LineFault.BAD_ENCODING
        return LineFault.CONTROL_CHARACTER if _CONTROL.search(line) else None


def _as_csv(cells: Sequence[str]) -> str:
    return ",".join(map(_cell, cells))


def _cell(text: str) -> str:
    """One cell on one line: a line break inside becomes a control character, for which the row is refused."""
    text = text.replace("\n", "\r")
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _shown(line: bytes) -> str:
    """A line that cannot be cut into cells, made readable for the list of refused rows."""
    return line[: RAW * 4].translate(_READABLE).decode(errors="backslashreplace")[:RAW]
