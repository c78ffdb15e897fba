"""Numbers in the place of names: whole numbers join, group and sort several times faster than texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment.engines import Engine


def numbered(engine: Engine, names: ir.Table) -> ir.Table:
    """name, number (from 0, in the binary order of the names) of every different name in the only column."""
    return engine.table(numbers(ordered(engine, names)))


def ordered(engine: Engine, names: ir.Table) -> pa.Array:
    """Every different name in the only column, in their binary order."""
    (column,) = names.columns
    # pyarrow sorts texts by their UTF-8 bytes, as the engines compare them
    return engine.arrow(names.distinct()).sort_by(column)[column].combine_chunks()


def together(names: Sequence[pa.Array]) -> pa.Array:
    """Every different one of several lists of names, in their binary order."""
    return pa.array(sorted({name for some in names for name in some.to_pylist()}, key=str.encode), pa.string())


def numbers(names: pa.Array) -> pa.Table:
    """name, number."""
    return pa.table({"name": names, "number": pa.array(range(len(names)), pa.int32())})


def int32(number: int) -> Any:
    """The number as a value of an expression."""
    return ibis.literal(number, "int32")
