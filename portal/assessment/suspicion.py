"""Finding the orders of which several statements speak among the told lines, and judging them.

Their prints say which may be such: with few lines short prints are enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from portal.assessment import faults, statements
from portal.assessment.clamping import united
from portal.assessment.engines import Engine
from portal.assessment.inputs import Inputs
from portal.assessment.numbering import int32
from portal.domain.errors import FileRefused

_PRINTS = 8  # so many prints find room where one line does
MANY = 30_000_000  # of so many lines with prints of 31 bits two in a hundred look like another


def judged(engine: Engine, read: Inputs, told: Sequence[ir.Table], platforms: ir.Table) -> ir.Table:
    """The told lines of doubtful orders, judged.

    Raises FileRefused where two statements about one order have the same `received_seq`.
    """
    pointing = engine.keep(statements.pointing(read.lines, wide=wide(read)))
    several = _several(engine, statements.prints(told, pointing), read.parts)
    rows = united([rows.semi_join(several, "print").mutate(bucket=int32(bucket)) for bucket, rows in enumerate(told)])
    named = rows.inner_join(platforms, rows.platform_no == platforms.number).rename(platform="name").drop("number")
    suspects = engine.keep(named)
    doubled = engine.keep(statements.doubled(suspects))
    if engine.count(doubled):
        raise FileRefused(problems=faults.of_doubled(read.source, engine.rows(doubled.limit(faults.MOST))))
    return engine.keep(statements.judged(statements.keyed(suspects, pointing)))


def prints_of(judged: ir.Table, bucket: int) -> ir.Table:
    """The prints of the doubtful orders of a part."""
    return judged.filter(judged.bucket == bucket).select("print").distinct()


def wide(read: Inputs) -> bool:
    """Whether there are so many lines that short prints would suspect more of them wrongly than rightly."""
    return read.found > MANY


def _several(engine: Engine, prints: ir.Table, parts: int) -> ir.Table:
    """The prints that are there more than once: of orders told again, and of all that may share a key."""
    counted = -(-parts // _PRINTS)
    if counted == 1:
        return engine.repeated(prints)
    tables = engine.parted(statements.in_parts(prints, counted), "part", counted)
    return engine.keep(united([engine.repeated(table) for table in tables]))
