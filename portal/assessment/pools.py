"""Step 9: pools over all merchants and items of a programme, spent in the order of orders or of acceptances."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow.compute as pc

from portal.assessment import calendar
from portal.assessment.clamping import applied
from portal.assessment.engines import Engine
from portal.assessment.offers import Layer
from portal.domain.terms import PoolOrder

ORDERS = {  # docs/reference/assessment.md, step 9
    PoolOrder.ORDERED_AT: ("ordered_at", "platform", "order_no", "item"),
    PoolOrder.ACCEPTED_AT: ("accepted_at", "merchant_id", "ordered_at", "platform", "order_no", "item"),
}


def pooled(engine: Engine, rows: ir.Table, layers: Sequence[Layer]) -> tuple[ir.Table, list[ir.Table]]:
    """The rows after all pools, and what the pools took. Programmes with other orders do not meet in a layer."""
    cuts = []
    for layer in layers:
        for turn_by in sorted(layer.orders):
            limits = engine.table(layer.limits.filter(pc.equal(layer.limits["turn_by"], turn_by)))
            order = ORDERS[PoolOrder(turn_by)]
            rows, taken = applied(engine, rows, _grouped, limits, order=order, step=layer.step)
            cuts += taken
    return rows, cuts


def _grouped(rows: ir.Table) -> ir.Table:
    by_acceptance = rows.turn_by == str(PoolOrder.ACCEPTED_AT)
    return rows.mutate(
        who=ibis.literal(""),
        when=calendar.period(rows.per, rows.ordered_at),
        bucket=ibis.ifelse(by_acceptance, rows.accepted_at, rows.ordered_at.truncate("D")),
    )
