"""Lines of a foreign CSV or TSV file as numbered Arrow batches for the checks: whole blocks where nothing is odd."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from portal.domain.settlements import LineFault
from portal.storage.csv_text import BOM, CONTROLS, SEPARATOR, Encoding, blocks, decode_line, has_long_line, split_quoted

RAW = 500  # characters of a refused line that are kept
SCHEMA = pa.schema([("row", pa.int64()), ("line", pa.string()), ("fault", pa.string())])

_READABLE = bytes.maketrans(CONTROLS, b"?" * len(CONTROLS))
_BLANK = (b"", b"\r")


class Rows:
    """Iterates once over the data rows of a file; `count` is the number of rows seen so far.

    It stops early, with `too_many` set, after `most` rows. `head`: lines up to the end of the header. `row` 1 is the
    first line after the header; blank lines keep their number, as in a spreadsheet, and are no rows.
    """

    def __init__(
        self, path: Path, encoding: Encoding, *, line_bytes: int, most: int, delimiter: str = ",", head: int = 1
    ) -> None:
        self.count, self.too_many = 0, False
        self._delimiter, self._head = delimiter, head
        self._controls = CONTROLS.replace(delimiter.encode(), b"")
        self._path, self._encoding, self._line_bytes, self._most = path, encoding, line_bytes, most

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(SCHEMA, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        at, head = 1, self._head  # row 1 is the line after the header
        for number, block in enumerate(blocks(self._path, self._line_bytes)):
            body = block.removeprefix(BOM) if number == 0 else block
            while head and body:
                body, head = body.partition(b"\n")[2], head - 1
            if not body:
                continue
            batch = self._whole(body, at) or self._line_by_line(body, at)
            at += body.count(b"\n") + (not body.endswith(b"\n"))
            self.count += batch.num_rows
            if self.count > self._most or at > self._most + 1:
                self.too_many = True  # an exception would not survive the way through the engine
                return
            yield batch

    def _whole(self, body: bytes, at: int) -> pa.RecordBatch | None:
        """The block at once, if it holds nothing that has to be looked at line by line."""
        if b"\r" in body:
            body = body.replace(b"\r\n", b"\n")
        odd = b'"' in body or b"\n\n" in body or body.startswith(b"\n") or has_long_line(body, self._line_bytes)
        if odd or len(body.translate(None, self._controls)) != len(body):
            return None
        if self._encoding.mixed and not body.isascii():
            return None
        try:
            text = body.decode(self._encoding.name)
        except UnicodeDecodeError:
            return None
        lines = _split(text.removesuffix("\n").replace(self._delimiter, SEPARATOR))
        return _batch(pa.arange(at, at + len(lines)), lines, pa.nulls(len(lines), pa.string()))

    def _line_by_line(self, body: bytes, at: int) -> pa.RecordBatch:
        rows, lines, faults = [], [], []
        for row, line in enumerate(body.removesuffix(b"\n").split(b"\n"), at):
            if line in _BLANK:
                continue
            text, fault = self._line(line.removesuffix(b"\r"))
            rows.append(row)
            lines.append(text)
            faults.append(fault)
        if not rows:
            return pa.RecordBatch.from_pylist([], schema=SCHEMA)
        whole = pa.array(faults, pa.string()) if any(faults) else pa.nulls(len(rows), pa.string())
        return _batch(pa.array(rows, pa.int64()), _split("\n".join(lines)), whole)

    def _line(self, line: bytes) -> tuple[str, str | None]:
        if len(line) > self._line_bytes:
            return self._shown(line), LineFault.LINE_TOO_LONG.value
        text = decode_line(line, self._encoding)
        if text is None:
            return self._shown(line), LineFault.BAD_ENCODING.value
        if len(line.translate(None, self._controls)) != len(line):
            return self._shown(line), LineFault.CONTROL_CHARACTER.value
        if '"' not in text:
            return text.replace(self._delimiter, SEPARATOR), None
        cells = split_quoted(text, self._delimiter)
        if cells is None:
            return self._shown(line), LineFault.BAD_QUOTES.value
        return SEPARATOR.join(cells), None

    def _shown(self, line: bytes) -> str:
        """A line that cannot be cut into cells, made readable for the list of refused rows."""
        return line[: RAW * 4].translate(_READABLE).decode(self._encoding.name, "backslashreplace")[:RAW]


def _split(text: str) -> pa.Array:
    """Lines as one Arrow array, cut by Arrow itself, which is ten times as fast as from a list of Python strings.

    Built from buffers: pa.array() and pa.scalar() import pandas, half a second and 60 MB for every child.
    """
    data = text.encode()
    offsets = pa.py_buffer(struct.pack("=ii", 0, len(data)))
    return pc.split_pattern(pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)), "\n").flatten()  # ty: ignore[missing-attribute]


def _batch(rows: pa.Array, lines: pa.Array, faults: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([rows, lines, faults], schema=SCHEMA)
