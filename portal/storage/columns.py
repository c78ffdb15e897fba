"""Questions about whole Arrow columns, asked without plain values: Arrow would make scalars of them and load pandas."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from portal.storage.csv_cells import whole_numbers

Column = pa.Array | pa.ChunkedArray


def is_among(column: Column, values: Column) -> Column:
    """Row by row."""
    return pc.call_function("is_in", [column], pc.SetLookupOptions(value_set=values))


def is_absent(column: Column, values: Column) -> Column:
    return pc.call_function("invert", [is_among(column, values)])


def is_increasing(column: Column) -> bool:
    """Whether each number is greater than the one before."""
    if len(column) < 2:
        return True
    return pc.call_function("all", [pc.call_function("greater", [column[1:], column[:-1]])]).as_py()


def count_up_to(column: Column, last: int) -> int:
    """How many numbers are not greater than `last`."""
    return pc.call_function("sum", [pc.call_function("less_equal", [column, whole_numbers([last])[0]])]).as_py() or 0
