"""A running total clamped at a limit: lines in their order get what is left, possibly part, possibly nothing.

Groups whose total stays within the limit are left alone. In the others rows may carry a `bucket`, the beginning of
their order, such as the day: sums over buckets decide those before the limit is reached, and no window is wider than a
bucket. A pool over a whole programme so never becomes one window over all its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from portal.assessment.engines import Engine

GROUP = ("limit_group", "who", "when", "bucket")


def applied(
    engine: Engine,
    rows: ir.Table,
    grouped: Callable[[ir.Table], ir.Table],
    limits: ir.Table,
    *,
    order: Sequence[str],
    step: int,
) -> tuple[ir.Table, list[ir.Table]]:
    """One layer of limits over all rows: the rows as it leaves them, and its cuts (see `cuts`), if it takes anything.

    `rows`, if kept, are forgotten when they are replaced; `grouped` adds the GROUP columns.
    """
    concerned = grouped(rows.inner_join(limits, rows.rule == limits.limit_rule))
    binding = engine.keep(tight(concerned))
    if not engine.count(binding):
        engine.forget(binding)
        return rows, []
    squeezed = engine.keep(clamped(concerned, binding, order))
    others = untouched(grouped(rows.left_join(limits, rows.rule == limits.limit_rule)), binding)
    lowered = squeezed.mutate(amount_e4=squeezed.left_e4)
    result = engine.keep(ibis.union(others.select(*rows.columns), lowered.select(*rows.columns)))
    taken = engine.keep(cuts(squeezed, step))
    engine.forget(binding, squeezed, rows)
    return result, [taken]


def cuts(rows: ir.Table, step: int) -> ir.Table:
    """What was taken from which (line, item): platform, order_no, item, rule, step, taken_e4."""
    cut = rows.mutate(step=ibis.literal(step, "int32"), taken_e4=rows.amount_e4 - rows.left_e4)
    return cut.filter(cut.taken_e4 > 0).select("platform", "order_no", "item", "rule", "step", "taken_e4")


def tight(rows: ir.Table) -> ir.Table:
    """The (group, bucket)s in which a limit takes something: tight_* for each of GROUP, `before_e4`, `tight_limit_e4`.

    `rows` carry the GROUP columns, `amount_e4` and `limit_e4` (one per group).
    """
    totals = rows.group_by(*GROUP).agg(total_e4=int64(rows.amount_e4.sum()), limit_e4=rows.limit_e4.max())
    until = ibis.window(group_by=GROUP[:3], order_by="bucket", preceding=None, following=0)
    running = totals.mutate(until_e4=int64(totals.total_e4.sum().over(until)))
    over = running.filter((running.until_e4 > running.limit_e4) & (running.total_e4 > 0))
    return over.select(
        **{f"tight_{name}": over[name] for name in GROUP},
        before_e4=over.until_e4 - over.total_e4,
        tight_limit_e4=over.limit_e4,
    )


def clamped(rows: ir.Table, tight: ir.Table, order: Sequence[str]) -> ir.Table:
    """The rows of tight groups only, with `left_e4`, what the limit leaves each in the given `order`."""
    inside = rows.inner_join(tight, [rows[name] == tight[f"tight_{name}"] for name in GROUP])
    until = ibis.window(group_by=GROUP, order_by=list(order), preceding=None, following=0)
    earlier = inside.before_e4 + int64(inside.amount_e4.sum().over(until)) - inside.amount_e4
    left = ibis.greatest(0, ibis.least(inside.amount_e4, inside.tight_limit_e4 - earlier))
    return inside.mutate(left_e4=left).drop(*tight.columns)


def untouched(rows: ir.Table, tight: ir.Table) -> ir.Table:
    """The rows of all other groups."""
    return rows.anti_join(tight, [rows[name] == tight[f"tight_{name}"] for name in GROUP])


def int64(value: Any) -> Any:
    """Sums of int64 are wider in the engines; `.cast` would think that there is nothing to do."""
    return ops.Cast(value.op(), dt.int64).to_expr()
