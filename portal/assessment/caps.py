"""Step 8: caps on running totals of one item, per merchant and period or per owner, in file order.

Most merchants never reach a cap. Their totals show it, and only the lines of the others are put in order and counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from portal.assessment import calendar
from portal.assessment.clamping import clamped, total, united
from portal.assessment.engines import Engine
from portal.assessment.offers import Layer
from portal.domain.kinds import CapPer

ORDER = ("ordered_at", "platform_no", "order_no")
_GROUP = ("rule", "who", "when")


def capped(engine: Engine, rows: ir.Table, layers: Sequence[Layer], used: ir.Table | None) -> ir.Table:
    """The rows after all caps, with a column for what each layer took (see `cut_of`).

    Rows need their `owner` if a cap is per owner. `used` (step, rule, who, when, used_e4): by earlier orders.
    """
    untouched = {cut_of(layer): ibis.literal(0, "int64") for layer in layers}
    if not layers:
        return rows
    limits = pa.concat_tables([layer.limits for layer in layers])
    reaching = engine.keep(_reaching(rows, engine.table(limits), used))
    same = [rows.rule == reaching.reaching_rule, rows.merchant == reaching.reaching_merchant]
    squeezed = engine.keep(rows.semi_join(reaching, same).mutate(**untouched))
    for layer in layers:
        before = None if used is None else used.filter(used.step == layer.step)
        squeezed = _layer(engine, squeezed, engine.table(layer.limits), cut_of(layer), before)
    return ibis.union(rows.anti_join(reaching, same).mutate(**untouched), squeezed)


def cut_of(layer: Layer) -> str:
    """The column with what a layer of caps or pools took from a row, in e4."""
    return f"cut_{layer.step}"


def _reaching(rows: ir.Table, limits: ir.Table, used: ir.Table | None) -> ir.Table:
    """reaching_rule, reaching_merchant: where all amounts before any cap are more than the rule's smallest cap.

    Where rows know their owner, also all merchants of an owner for whom that is so; and all of whom earlier orders used
    something up.
    """
    owned = "owner" in rows.columns
    who = ("merchant", "owner") if owned else ("merchant",)
    sums = rows.group_by("rule", *who).agg(amount_e4=total(rows.amount_e4))
    over = _over(sums, limits.filter(limits.per != str(CapPer.OWNER)), "merchant")
    found = [over.select(reaching_rule="limit_rule", reaching_merchant="merchant")]
    if owned:
        owners = _over(sums, limits.filter(limits.per == str(CapPer.OWNER)), "owner")
        theirs = sums.semi_join(owners, [sums.rule == owners.limit_rule, sums.owner == owners.owner])
        found.append(theirs.select(reaching_rule="rule", reaching_merchant="merchant"))
    if used is not None:
        for name in who:  # more than need be, where an owner's number is another's merchant: harmless
            theirs = sums.semi_join(used, [sums.rule == used.rule, sums[name] == used.who])
            found.append(theirs.select(reaching_rule="rule", reaching_merchant="merchant"))
    return united(found).distinct()


def _over(sums: ir.Table, limits: ir.Table, who: str) -> ir.Table:
    smallest = limits.group_by("limit_rule").agg(limit_e4=limits.limit_e4.min())
    joined = sums.inner_join(smallest, sums.rule == smallest.limit_rule)
    added = joined.group_by("limit_rule", who).agg(total_e4=total(joined.amount_e4), limit_e4=joined.limit_e4.min())
    return added.filter(added.total_e4 > added.limit_e4)


def _layer(engine: Engine, rows: ir.Table, limits: ir.Table, cut: str, used: ir.Table | None) -> ir.Table:
    """The kept rows after one cap of each rule; the rows before it are forgotten where it takes anything."""
    concerned = _grouped(rows.inner_join(limits, rows.rule == limits.limit_rule))
    totals = concerned.group_by(*_GROUP).agg(total_e4=total(concerned.amount_e4), limit_e4=concerned.limit_e4.max())
    totals = _after(totals, used)
    over = totals.filter(totals.before_e4 + totals.total_e4 > totals.limit_e4)
    tight = engine.keep(over.select("before_e4", **{f"tight_{name}": over[name] for name in _GROUP}))
    if not engine.count(tight):
        engine.forget(tight)
        return rows
    inside = concerned.inner_join(tight, [concerned[name] == tight[f"tight_{name}"] for name in _GROUP])
    lowered = clamped(inside, groups=_GROUP, order=ORDER, cut=cut)
    others = _grouped(rows.left_join(limits, rows.rule == limits.limit_rule))
    others = others.anti_join(tight, [others[name] == tight[f"tight_{name}"] for name in _GROUP])
    result = engine.keep(ibis.union(others.select(*rows.columns), lowered.select(*rows.columns)))
    engine.forget(tight, rows)
    return result


def _after(totals: ir.Table, used: ir.Table | None) -> ir.Table:
    """The totals with `before_e4`, what earlier orders used of the group's limit."""
    if used is None:
        return totals.mutate(before_e4=ibis.literal(0, "int64"))
    had = used.select("used_e4", **{f"had_{name}": name for name in _GROUP})
    joined = totals.left_join(had, [totals[name] == had[f"had_{name}"] for name in _GROUP])
    return joined.mutate(before_e4=joined.used_e4.fill_null(0))


def used_up(rows: ir.Table, layers: Sequence[Layer], limits: ir.Table, layer: Layer) -> ir.Table:
    """What a cap let through of the rows: rule, who, when, per, used_e4. `rows` carry all cuts."""
    later = {cut_of(other) for other in layers if other.step > layer.step}
    grouped = _grouped(rows.inner_join(limits, rows.rule == limits.limit_rule))
    let = grouped.amount_e4
    for cut in sorted(later):
        let = let + grouped[cut]
    grouped = grouped.mutate(let_e4=let)
    return grouped.group_by(*_GROUP, "per").agg(used_e4=total(grouped.let_e4)).select(*_GROUP, "per", "used_e4")


def _grouped(rows: ir.Table) -> ir.Table:
    owned = "owner" in rows.columns
    return rows.mutate(
        who=ibis.ifelse(rows.per == str(CapPer.OWNER), rows.owner, rows.merchant) if owned else rows.merchant,
        when=calendar.period(rows.per, rows.ordered_at),
    )
