"""Step 9: pools over all merchants and items of a programme, spent in the order of orders or of acceptances."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.clamping import applied
from portal.assessment.engines import Engine
from portal.assessment.offers import Layer
from portal.domain.kinds import PoolOrder

ORDERS = {  # docs/reference/assessment.md, step 9
    PoolOrder.ORDERED_AT: ("ordered_at", "platform", "order_no", "item"),
    PoolOrder.ACCEPTED_AT: ("accepted_at", "merchant_id", "ordered_at", "platform", "order_no", "item"),
}


def pooled(engine: Engine, rows: ir.Table, layers: Sequence[Layer]) -> tuple[ir.Table, list[ir.Table]]:
    """The rows after all pools, and what the pools took."""
    cuts = []
    for layer in layers:
        grouped = _by_acceptance if layer.turn_by is PoolOrder.ACCEPTED_AT else _by_day
        order = ORDERS[layer.turn_by]
        rows, taken = applied(engine, rows, grouped, engine.table(layer.limits), order=order, step=layer.step)
        cuts += taken
    return rows, cuts


def _by_day(rows: ir.Table) -> ir.Table:
    return _grouped(rows, rows.ordered_at.truncate("D"))


def _by_acceptance(rows: ir.Table) -> ir.Table:
    return _grouped(rows, rows.accepted_at)


def _grouped(rows: ir.Table, bucket: ir.Value) -> ir.Table:
    return rows.mutate(who=ibis.literal(""), when=calendar.period(rows.per, rows.ordered_at), bucket=bucket)
