"""Lines of a foreign CSV or TSV file as numbered Arrow batches of cells: whole blocks where nothing is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from portal.domain.settlements import LineFault
from portal.storage.csv_cells import columns_of, cut, numbers_without, texts, valid_utf8, whole_numbers
from portal.storage.csv_text import BOM, CONTROLS, SEPARATOR, Encoding, blocks, decode_line, has_long_line, split_quoted

RAW = 500  # characters of a refused line that are kept
SCHEMA = pa.schema([("row", pa.int64()), ("line", pa.string()), ("fault", pa.string())])

_READABLE = bytes.maketrans(CONTROLS, b"?" * len(CONTROLS))
_BLANK = (b"", b"\r")
_FEW: int = 400  # lines of a block with too few or too many cells; with more of them, line by line is faster
_HELD = 2_000  # of these lines that wait for the next block or two: a block alone need not be copied to be judged

Heard = Callable[[int, int], None]


def cut_schema(width: int) -> pa.Schema:
    """SCHEMA with the cells c1, c2 ...: of rows that are cut already. `line` is that of rows with a fault alone."""
    return pa.schema([*SCHEMA, *((name, pa.string()) for name in columns_of(width))])


@dataclass(frozen=True, slots=True)
class Text:
    """How a file of rows is written. `head`: lines up to the end of the header; `width`: cells of each row."""

    encoding: Encoding
    delimiter: str
    head: int
    width: int


class Rows:
    """Iterates once over the data rows of a file; `count` is the number of rows seen so far.

    Rows that cannot be cut may come later than their neighbours. It stops early, with `too_many` set, after `most`
    rows. `row` 1 is the first line after the header; blank lines keep their number, as in a spreadsheet, and are no
    rows. `heard` is told how many bytes were read, of how many.
    """

    def __init__(self, path: Path, text: Text, *, line_bytes: int, most: int, heard: Heard) -> None:
        self.count, self.too_many = 0, False
        self._encoding, self._delimiter, self._head, self._width = text.encoding, text.delimiter, text.head, text.width
        self._controls = CONTROLS.replace(text.delimiter.encode(), b"")
        self._schema = cut_schema(text.width)
        self._broken: list[tuple[int, str, str]] = []  # rows with too few or too many cells, with line and fault
        self._path, self._line_bytes, self._most, self._heard = path, line_bytes, most, heard

    def reader(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self._schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        size, read = self._path.stat().st_size, 0
        at, head = 1, self._head  # row 1 is the line after the header
        for number, block in enumerate(blocks(self._path, self._line_bytes)):
            read += len(block)
            self._heard(read, size)
            body = block.removeprefix(BOM) if number == 0 else block
            while head and body:
                body, head = body.partition(b"\n")[2], head - 1
            if not body:
                continue
            told = len(self._broken)
            batch, lines = self._whole(body, at) or self._line_by_line(body, at)
            at += lines
            self.count += batch.num_rows + len(self._broken) - told
            if self.count > self._most or at > self._most + 1:
                self.too_many = True  # an exception would not survive the way through the engine
                return
            yield batch
            if len(self._broken) > _HELD:
                yield self._those_broken()
        if self._broken:
            yield self._those_broken()

    def _whole(self, body: bytes, at: int) -> tuple[pa.RecordBatch, int] | None:
        """The block at once and its lines, if it holds nothing that has to be looked at line by line."""
        if b"\r" in body:
            body = body.replace(b"\r\n", b"\n")
        odd = b'"' in body or b"\n\n" in body or body.startswith(b"\n") or has_long_line(body, self._line_bytes)
        if odd or len(body.translate(None, self._controls)) != len(body):
            return None
        data = self._as_utf8(body)
        if data is None:
            return None
        cells, broken = cut(data, self._delimiter, self._width)
        if len(broken) > _FEW:
            return None
        lines = len(cells[0]) + len(broken)
        rows = numbers_without([at + place for place, _, _ in broken], at, at + lines)
        self._broken += [
            (at + place, text.replace(self._delimiter, SEPARATOR), _miscounted(count, self._width))
            for place, count, text in broken
        ]
        nothing = pa.nulls(len(rows), pa.string())
        return pa.RecordBatch.from_arrays([rows, nothing, nothing, *cells], schema=self._schema), lines

    def _those_broken(self) -> pa.RecordBatch:
        rows, lines, faults = zip(*self._broken, strict=True)
        self._broken.clear()
        return batch_of_lines(rows, lines, faults, self._width)

    def _as_utf8(self, body: bytes) -> bytes | None:
        if body.isascii():
            return body
        if self._encoding.mixed:
            return None
        if self._encoding.name == "utf-8":
            return body if valid_utf8(body) else None
        try:
            return body.decode(self._encoding.name).encode()
        except UnicodeDecodeError:
            return None

    def _line_by_line(self, body: bytes, at: int) -> tuple[pa.RecordBatch, int]:
        rows, lines, faults = [], [], []
        found = body.removesuffix(b"\n").split(b"\n")
        for row, line in enumerate(found, at):
            if line in _BLANK:
                continue
            text, fault = self._line(line.removesuffix(b"\r"))
            rows.append(row)
            lines.append(text)
            faults.append(fault or _miscounted(text.count(SEPARATOR) + 1, self._width))
        return batch_of_lines(rows, lines, faults, self._width), len(found)

    def _line(self, line: bytes) -> tuple[str, str]:
        if len(line) > self._line_bytes:
            return self._shown(line), LineFault.LINE_TOO_LONG.value
        text = decode_line(line, self._encoding)
        if text is None:
            return self._shown(line), LineFault.BAD_ENCODING.value
        if len(line.translate(None, self._controls)) != len(line):
            return self._shown(line), LineFault.CONTROL_CHARACTER.value
        if '"' not in text:
            return text.replace(self._delimiter, SEPARATOR), ""
        cells = split_quoted(text, self._delimiter)
        if cells is None:
            return self._shown(line), LineFault.BAD_QUOTES.value
        return SEPARATOR.join(cells), ""

    def _shown(self, line: bytes) -> str:
        """A line that cannot be cut into cells, made readable for the list of refused rows."""
        return line[: RAW * 4].translate(_READABLE).decode(self._encoding.name, "backslashreplace")[:RAW]


def batch_of_lines(rows: Sequence[int], lines: Sequence[str], faults: Sequence[str], width: int) -> pa.RecordBatch:
    """Numbered rows of cut_schema: cells of the lines without a fault, the line of the others."""
    if not rows:
        return pa.RecordBatch.from_pylist([], schema=cut_schema(width))
    nothing = SEPARATOR * (width - 1)
    cut_lines = [nothing if fault else line for line, fault in zip(lines, faults, strict=True)]
    cells, _ = cut("\n".join(cut_lines).encode(), SEPARATOR, width)
    broken = [line if fault else "" for line, fault in zip(lines, faults, strict=True)]
    return pa.RecordBatch.from_arrays(
        [whole_numbers(rows), texts(broken), texts(faults), *cells], schema=cut_schema(width)
    )


def _miscounted(cells: int, width: int) -> str:
    if cells == width:
        return ""
    return (LineFault.TOO_FEW_FIELDS if cells < width else LineFault.TOO_MANY_FIELDS).value
