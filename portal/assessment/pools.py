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
from portal.assessment.carrying import Outdated
from portal.assessment.clamping import clamped, int64, total, united
from portal.assessment.engines import Engine
from portal.assessment.offers import Layer
from portal.domain.errors import Problem
from portal.domain.kinds import PoolOrder

_ORDERS = {  # docs/reference/assessment.md, step 9
    PoolOrder.ORDERED_AT: ("ordered_at", "platform_no", "order_no", "item_no"),
    PoolOrder.ACCEPTED_AT: ("accepted_at", "merchant", "ordered_at", "platform_no", "order_no", "item_no"),
}
_GROUP = ("limit_group", "when")
_BUCKETS = {  # a day tells its month and year
    PoolOrder.ORDERED_AT: ("limit_group", "day"),
    PoolOrder.ACCEPTED_AT: (*_GROUP, "accepted_at", "merchant"),
}


def pooled(engine: Engine, parts: Sequence[ir.Table], layers: Sequence[Layer], used: ir.Table | None) -> list[ir.Table]:
    """The rows of all parts after all pools, with a column for what each layer took (see `caps.cut_of`).

    `used` (step, limit_group, when, used_e4): by earlier orders. Raises Outdated where a pool that goes by acceptance
    ends and earlier orders had a part in it: they may have to give some back.
    """
    nothing = {cut_of(layer): ibis.literal(0, "int64") for layer in layers}
    found = [engine.view(rows.mutate(**nothing)) for rows in parts] if layers else list(parts)
    for layer in layers:
        before = None if used is None else used.filter(used.step == layer.step)
        found = _layer(engine, found, layer, before)
    return found


def _layer(engine: Engine, parts: Sequence[ir.Table], layer: Layer, used: ir.Table | None) -> list[ir.Table]:
    limits, keys, cut = engine.table(layer.limits), _BUCKETS[layer.turn_by], cut_of(layer)
    columns = parts[0].columns
    sums = [engine.keep(_totals(_concerned(rows, limits), keys)) for rows in parts]
    ends = engine.keep(_ends(united(sums), limits, keys, used))
    engine.forget(*sums)
    if not engine.count(ends):
        engine.forget(ends)
        return list(parts)
    if layer.turn_by is PoolOrder.ACCEPTED_AT and engine.count(ends.filter(ends.earlier_e4 > 0)):
        raise Outdated(problems=[Problem("pool_by_acceptance_ends", "pool")])
    partly = ends.filter(ends.before_e4 < ends.end_limit_e4)
    inside = []
    for rows in parts:
        concerned = _concerned(rows, limits)
        inside.append(concerned.inner_join(partly, [concerned[name] == partly[f"end_{name}"] for name in keys]))
    order = _ORDERS[layer.turn_by]
    lowered = engine.keep(clamped(united(inside), groups=keys, order=order, cut=cut).select(*columns))
    return [*(engine.view(_left(rows, limits, ends, keys, cut)) for rows in parts), lowered]


def _concerned(rows: ir.Table, limits: ir.Table) -> ir.Table:
    """Rows of programmes with such a pool, with what groups and orders them."""
    joined = rows.inner_join(limits, rows.rule == limits.limit_rule)
    return _dated(joined)


def _dated(rows: ir.Table) -> ir.Table:
    return rows.mutate(when=calendar.period(rows.per, rows.ordered_at), day=rows.ordered_at.date())


def _totals(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    return rows.group_by(*keys).agg(total_e4=total(rows.amount_e4))


def _ends(totals: ir.Table, limits: ir.Table, keys: Sequence[str], used: ir.Table | None) -> ir.Table:
    """The buckets in which a pool takes something: end_* for each of the keys, `before_e4`, of which `earlier_e4` is of
    earlier orders, and `end_limit_e4`."""
    merged = totals.group_by(*keys).agg(total_e4=total(totals.total_e4))
    groups = limits.select("per", "limit_e4", of_group="limit_group").distinct()
    merged = merged.inner_join(groups, merged.limit_group == groups.of_group)
    if "when" not in keys:
        merged = merged.mutate(when=calendar.period(merged.per, merged.day))
    turn = [name for name in keys if name not in _GROUP]
    until = ibis.window(group_by=list(_GROUP), order_by=turn, preceding=None, following=0)
    running = _after(merged.mutate(until_e4=int64(merged.total_e4.sum().over(until))), used)
    over = running.filter((running.until_e4 > running.limit_e4) & (running.total_e4 > 0))
    return over.select(
        **{f"end_{name}": over[name] for name in keys},
        before_e4=over.until_e4 - over.total_e4,
        earlier_e4=over.earlier_e4,
        end_limit_e4=over.limit_e4,
    )


def _after(running: ir.Table, used: ir.Table | None) -> ir.Table:
    if used is None:
        return running.mutate(earlier_e4=ibis.literal(0, "int64"))
    had = used.select("used_e4", **{f"had_{name}": name for name in _GROUP})
    joined = running.left_join(had, [running[name] == had[f"had_{name}"] for name in _GROUP])
    joined = joined.mutate(earlier_e4=joined.used_e4.fill_null(0)).drop("used_e4", *(f"had_{name}" for name in _GROUP))
    return joined.mutate(until_e4=joined.until_e4 + joined.earlier_e4)


def used_up(rows: ir.Table, layers: Sequence[Layer], limits: ir.Table, layer: Layer) -> ir.Table:
    """What a pool let through of the rows: limit_group, when, per, used_e4. `rows` carry all cuts."""
    later = {cut_of(other) for other in layers if other.step > layer.step}
    concerned = _concerned(rows, limits)
    let = concerned.amount_e4
    for cut in sorted(later):
        let = let + concerned[cut]
    concerned = concerned.mutate(let_e4=let)
    return concerned.group_by(*_GROUP, "per").agg(used_e4=total(concerned.let_e4)).select(*_GROUP, "per", "used_e4")


def _left(rows: ir.Table, limits: ir.Table, ends: ir.Table, keys: Sequence[str], cut: str) -> ir.Table:
    """The rows outside of the buckets in which a pool ends; those of later buckets get nothing."""
    grouped = _dated(rows.left_join(limits, rows.rule == limits.limit_rule))
    joined = grouped.left_join(ends, [grouped[name] == ends[f"end_{name}"] for name in keys])
    outside = joined.filter((joined.before_e4 >= joined.end_limit_e4).fill_null(True))
    gone: Any = outside.before_e4.notnull()
    nothing = ibis.literal(0, "int64")
    taken = outside[cut] + ibis.ifelse(gone, outside.amount_e4, nothing)
    kept = outside.mutate(**{cut: taken}, amount_e4=ibis.ifelse(gone, nothing, outside.amount_e4))
    return kept.select(*rows.columns)
