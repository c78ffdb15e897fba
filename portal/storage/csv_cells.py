"""Clean text cut into Arrow columns by Arrow's own reader, and arrays made without what would load pandas.

`pa.array()` and `pa.scalar()` import pandas, half a second and 60 MB for every child; buffers do not.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Sequence

import pyarrow as pa
from pyarrow import csv

_LARGEST = (1 << 31) - 1
_INT32, _INT64 = "i", "q"


def cell_of(number: int) -> str:
    """What a cell of a row is called; the first has number 1."""
    return f"c{number}"


def columns_of(width: int) -> list[str]:
    """What the cells of a row are called."""
    return [cell_of(number) for number in range(1, width + 1)]


def cut(data: bytes, delimiter: str, width: int) -> tuple[list[pa.Array], list[tuple[int, int, str]]]:
    """Columns of the lines with `width` cells, and of every other line its place from 0, its cells and its text.

    `data`: UTF-8 without blank lines, carriage returns and quotes that mean anything.
    """
    broken: list[csv.InvalidRow] = []

    def seen(row: csv.InvalidRow) -> str:
        broken.append(row)
        return "skip"

    names = columns_of(width)
    table = csv.read_csv(
        pa.BufferReader(data),
        csv.ReadOptions(use_threads=False, block_size=min(len(data) + 2, _LARGEST), column_names=names),
        csv.ParseOptions(
            delimiter=delimiter, quote_char=False, escape_char=False, ignore_empty_lines=False, invalid_row_handler=seen
        ),
        csv.ConvertOptions(check_utf8=False, strings_can_be_null=False, column_types=dict.fromkeys(names, pa.string())),
    )
    columns = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]
    return columns, [(row.number - 1, row.actual_columns, row.text) for row in broken]


def numbers_without(gaps: Sequence[int], start: int, end: int) -> pa.Array:
    """The numbers from `start` up to `end`, without those in `gaps`, which are sorted."""
    starts, ends = [start, *(gap + 1 for gap in gaps)], [*gaps, end]
    return pa.concat_arrays([pa.arange(*between) for between in zip(starts, ends, strict=True)])


def texts(values: Sequence[str]) -> pa.Array:
    each = [value.encode() for value in values]
    ends = array(_INT32, itertools.accumulate(map(len, each), initial=0))
    return pa.StringArray.from_buffers(len(each), pa.py_buffer(ends), pa.py_buffer(b"".join(each)))


def whole_numbers(values: Sequence[int]) -> pa.Array:
    return pa.Int64Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(array(_INT64, values))])


def valid_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 throughout; several times as fast as decoding them."""
    ends = pa.py_buffer(array(_INT32, (0, len(data))))
    try:
        pa.StringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
