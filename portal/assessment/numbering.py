"""Numbers in the place of names: whole numbers join, group and sort several times faster than texts."""

from __future__ import annotations

import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment.engines import Engine


def numbered(engine: Engine, names: ir.Table) -> ir.Table:
    """name, number (from 0, in the binary order of the names) of every different name in the only column."""
    (column,) = names.columns
    # pyarrow sorts texts by their UTF-8 bytes, as the engines compare them
    ordered = engine.arrow(names.distinct()).sort_by(column)[column]
    return engine.table(pa.table({"name": ordered, "number": pa.array(range(len(ordered)), pa.int32())}))
