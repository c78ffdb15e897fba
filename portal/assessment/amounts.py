"""Step 7: the amount of a line by its item's kind, then the caps on a single order. All amounts in e4."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from portal.assessment.clamping import cuts
from portal.domain.kinds import AmountKind, Attribute
from portal.domain.money import E4


def by_kind(rows: ir.Table, tariffs: ir.Table) -> ir.Table:
    """The rows with `kind_e4`, the whole amount of the rule's kind (a one_off as if every line were the first)."""
    value = ibis.cases(*((rows.attribute == str(name), rows[str(name)]) for name in Attribute), else_="")
    priced = rows.left_join(tariffs, [rows.rule == tariffs.tariff_rule, value == tariffs.tariff_value])
    kind_e4 = ibis.cases(
        (priced.kind == str(AmountKind.COST_SHARE), priced.basis * priced.rate_e4),
        (priced.kind == str(AmountKind.COST_UP_TO), ibis.least(priced.basis * E4, priced.flat_e4)),
        (priced.kind == str(AmountKind.FLAT_BY), priced.tariff_e4.fill_null(priced.flat_e4)),
        else_=priced.flat_e4,
    )
    return priced.mutate(kind_e4=kind_e4).drop("tariff_rule", "tariff_value", "tariff_e4")


def first_only(rows: ir.Table) -> ir.Table:
    """One_off rows with `already_given` set, and the amounts gone, on all but the merchant's first of the rule."""
    turn = ibis.row_number().over(
        ibis.window(
            group_by=[rows.rule, rows.merchant_id],
            order_by=[rows.ordered_at, rows.platform, rows.order_no],
        )
    )
    later = rows.mutate(already_given=turn > 0)
    return later.mutate(
        kind_e4=ibis.ifelse(later.already_given, 0, later.kind_e4),
        amount_e4=ibis.ifelse(later.already_given, 0, later.amount_e4),
    )


def order_capped(rows: ir.Table, layers: Sequence[tuple[int, ir.Table]]) -> tuple[ir.Table, list[ir.Table]]:
    """The rows with `amount_e4` after the caps per order, and each cap's cuts. `layers`: (step, limits), file order."""
    capped = rows.mutate(amount_e4=rows.kind_e4)
    taken = []
    for step, limits in layers:
        joined = capped.left_join(limits, capped.rule == limits.limit_rule)
        left = joined.mutate(left_e4=ibis.least(joined.amount_e4, joined.limit_e4.fill_null(joined.amount_e4)))
        taken.append(cuts(left, step))
        capped = left.mutate(amount_e4=left.left_e4).drop(*limits.columns, "left_e4")
    return capped, taken
