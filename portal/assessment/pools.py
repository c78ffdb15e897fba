"""Step 9: pools over all merchants and items of a programme, spent in the order of orders or of acceptances.

Sums over buckets of the order (a day; a merchant in the turn of acceptance) tell in which bucket a pool ends. Lines
before it are untouched, lines after it get nothing, and only those inside are put in order: a pool over a whole
programme never becomes one window over all its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.caps import cut_of
from portal.assessment.clamping import clamped, int64, total, united
from portal.assessment.engines import Engine
from portal.assessment.offers import Layer
from portal.domain.kinds import PoolOrder

_ORDERS = {  # docs/reference/assessment.md, step 9
    PoolOrder.ORDERED_AT: ("ordered_at", "platform_no", "order_no", "item_no"),
    PoolOrder.ACCEPTED_AT: ("accepted_at", "merchant", "ordered_at", "platform_no", "order_no", "item_no"),
}
_BUCKETS = {PoolOrder.ORDERED_AT: ("day",), PoolOrder.ACCEPTED_AT: ("accepted_at", "merchant")}
_GROUP = ("limit_group", "when")


def pooled(engine: Engine, parts: Sequence[ir.Table], layers: Sequence[Layer]) -> list[ir.Table]:
    """The rows of all parts after all pools, with a column for what each layer took (see `caps.cut_of`)."""
    nothing = {cut_of(layer): ibis.literal(0, "int64") for layer in layers}
    found = [rows.mutate(**nothing) for rows in parts] if layers else list(parts)
    for layer in layers:
        found = _layer(engine, found, layer)
    return found


def _layer(engine: Engine, parts: Sequence[ir.Table], layer: Layer) -> list[ir.Table]:
    limits, keys, cut = engine.table(layer.limits), (*_GROUP, *_BUCKETS[layer.turn_by]), cut_of(layer)
    columns = parts[0].columns
    sums = [engine.keep(_totals(_concerned(rows, limits), keys)) for rows in parts]
    ends = engine.keep(_ends(united(sums), keys))
    engine.forget(*sums)
    if not engine.count(ends):
        engine.forget(ends)
        return parts
    partly = ends.filter(ends.before_e4 < ends.end_limit_e4)
    inside = []
    for rows in parts:
        concerned = _concerned(rows, limits)
        inside.append(concerned.inner_join(partly, [concerned[name] == partly[f"end_{name}"] for name in keys]))
    order = _ORDERS[layer.turn_by]
    lowered = engine.keep(clamped(united(inside), groups=keys, order=order, cut=cut).select(*columns))
    return [*(_after(rows, limits, ends, keys, cut) for rows in parts), lowered]


def _concerned(rows: ir.Table, limits: ir.Table) -> ir.Table:
    """Rows of programmes with such a pool, with what groups and orders them."""
    joined = rows.inner_join(limits, rows.rule == limits.limit_rule)
    return _dated(joined)


def _dated(rows: ir.Table) -> ir.Table:
    return rows.mutate(when=calendar.period(rows.per, rows.ordered_at), day=rows.ordered_at.truncate("D"))


def _totals(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    return rows.group_by(*keys).agg(total_e4=total(rows.amount_e4), limit_e4=rows.limit_e4.max())


def _ends(totals: ir.Table, keys: Sequence[str]) -> ir.Table:
    """The buckets in which a pool takes something: end_* for each of the keys, `before_e4`, `end_limit_e4`."""
    merged = totals.group_by(*keys).agg(total_e4=total(totals.total_e4), limit_e4=totals.limit_e4.max())
    until = ibis.window(group_by=keys[:2], order_by=keys[2:], preceding=None, following=0)
    running = merged.mutate(until_e4=int64(merged.total_e4.sum().over(until)))
    over = running.filter((running.until_e4 > running.limit_e4) & (running.total_e4 > 0))
    return over.select(
        **{f"end_{name}": over[name] for name in keys},
        before_e4=over.until_e4 - over.total_e4,
        end_limit_e4=over.limit_e4,
    )


def _after(rows: ir.Table, limits: ir.Table, ends: ir.Table, keys: Sequence[str], cut: str) -> ir.Table:
    """The rows outside of the buckets in which a pool ends; those of later buckets get nothing."""
    grouped = _dated(rows.left_join(limits, rows.rule == limits.limit_rule))
    joined = grouped.left_join(ends, [grouped[name] == ends[f"end_{name}"] for name in keys])
    outside = joined.filter((joined.before_e4 >= joined.end_limit_e4).fill_null(True))
    gone: Any = outside.before_e4.notnull()
    nothing = ibis.literal(0, "int64")
    taken = outside[cut] + ibis.ifelse(gone, outside.amount_e4, nothing)
    kept = outside.mutate(**{cut: taken}, amount_e4=ibis.ifelse(gone, nothing, outside.amount_e4))
    return kept.select(*rows.columns)
