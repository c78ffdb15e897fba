"""What the order of lines decides about single amounts: one_offs; and what caps on a single order took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir


def first_only(rows: ir.Table, rules: Sequence[int], given: ir.Table | None) -> ir.Table:
    """The rows with `already_given`: true, and the amounts gone, on all but a merchant's first line of a one_off.

    `rules` are those whose amount is a one_off; `given` (rule, merchant): whose first line was an earlier one.
    """
    if not rules:
        return rows.mutate(already_given=ibis.literal(False))
    once = rows.filter(rows.rule.isin(rules))
    turn = ibis.row_number().over(
        ibis.window(group_by=[once.rule, once.merchant], order_by=[once.ordered_at, once.platform_no, once.order_no])
    )
    later = once.mutate(already_given=turn > 0)
    if given is not None:
        had = given.select(had_rule="rule", had_merchant="merchant")
        later = later.left_join(had, [later.rule == had.had_rule, later.merchant == had.had_merchant])
        later = later.mutate(already_given=later.already_given | later.had_rule.notnull())
    gone = {name: ibis.ifelse(later.already_given, 0, later[name]) for name in ("kind_e4", "amount_e4")}
    others = rows.filter(rows.rule.notin(rules)).mutate(already_given=ibis.literal(False))
    return ibis.union(others, later.mutate(**gone).select(*others.columns))


def order_cuts(rows: ir.Table, layers: Sequence[tuple[int, ir.Table]]) -> ir.Table:
    """The rows with what each cap on a single order took, in cut_<step>. `layers`: (step, limits) in file order."""
    left = rows.mutate(left_e4=rows.kind_e4)
    for step, limits in layers:
        joined = left.left_join(limits, left.rule == limits.limit_rule)
        capped: Any = ibis.least(joined.left_e4, joined.limit_e4.fill_null(joined.left_e4))
        left = joined.mutate(**{f"cut_{step}": joined.left_e4 - capped}, left_e4=capped).drop(*limits.columns)
    return left.drop("left_e4")
