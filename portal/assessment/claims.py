"""Step 11: claims and the parts they are made of, as sums over decided lines."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.clamping import int64, total, united
from portal.assessment.engines import Engine

_CLAIM = ("rule", "merchant", "month")


def claims(engine: Engine, decided: Sequence[ir.Table], offers: ir.Table, names: ir.Table) -> ir.Table:
    """programme, merchant_id, month (202603), lines, exact_e4; sorted by the first three, none of 0.

    `merchant`, which sorts as merchant_id does, is there too.
    """
    return _named(engine, decided, offers, names, ())


def summaries(engine: Engine, decided: Sequence[ir.Table], offers: ir.Table, names: ir.Table) -> ir.Table:
    """The claims by platform_no and item: programme, merchant_id, month, lines, exact_e4; sorted."""
    return _named(engine, decided, offers, names, ("platform_no", "item"))


def _named(
    engine: Engine, decided: Sequence[ir.Table], offers: ir.Table, names: ir.Table, more: Sequence[str]
) -> ir.Table:
    by_rule = [column for column in more if column != "item"]
    sums = united([engine.keep(_sums(rows, by_rule)) for rows in decided])
    rules = offers.select("programme", "item", offer_rule="rule")
    keys = ["programme", "merchant", "month", *more]
    joined = sums.inner_join(rules, sums.rule == rules.offer_rule)
    merged = joined.group_by(*keys).agg(lines=int64(joined.lines.sum()), exact_e4=total(joined.exact_e4))
    named = merged.inner_join(names, merged.merchant == names.number)
    told = named.select("programme", "merchant", "month", *more, "lines", "exact_e4", merchant_id="name")
    return told.order_by("programme", "merchant", "month", *more)


def _sums(rows: ir.Table, more: Sequence[str]) -> ir.Table:
    paid = rows.filter(rows.amount_e4 > 0)
    keys = [*_CLAIM[:2], *more]
    return paid.group_by(*keys, month=calendar.month(paid.ordered_at)).agg(
        lines=paid.count(), exact_e4=total(paid.amount_e4)
    )
