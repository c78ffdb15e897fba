"""Step 8: caps on running totals of one item, per merchant and period or per owner, in file order."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.clamping import applied
from portal.assessment.engines import Engine
from portal.assessment.offers import Layer
from portal.domain.kinds import CapPer

ORDER = ("ordered_at", "platform", "order_no")


def capped(engine: Engine, rows: ir.Table, layers: Sequence[Layer]) -> tuple[ir.Table, list[ir.Table]]:
    """The rows after all caps, and what the caps took."""
    cuts = []
    for layer in layers:
        rows, taken = applied(engine, rows, _grouped, engine.table(layer.limits), order=ORDER, step=layer.step)
        cuts += taken
    return rows, cuts


def _grouped(rows: ir.Table) -> ir.Table:
    return rows.mutate(
        who=ibis.ifelse(rows.per == str(CapPer.OWNER), rows.owner_id, rows.merchant_id),
        when=calendar.period(rows.per, rows.ordered_at),
        bucket=ibis.literal(0, "int32"),  # a merchant's lines are few
    )
