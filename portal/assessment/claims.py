"""Step 11: claims and the parts they are made of, as sums over decided lines."""

from __future__ import annotations

import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.clamping import int64


def claims(decided: ir.Table, offers: ir.Table) -> ir.Table:
    """programme, merchant_id, month (202603), lines, exact_e4; sorted by the first three, none of 0."""
    paid = _paid(decided, offers)
    keys = ("programme", "merchant_id", "month")
    return paid.group_by(*keys).agg(lines=paid.count(), exact_e4=int64(paid.amount_e4.sum())).order_by(*keys)


def summaries(decided: ir.Table, offers: ir.Table) -> ir.Table:
    """The claims by platform and item: programme, merchant_id, month, platform, item, lines, amount_e4; sorted."""
    paid = _paid(decided, offers)
    keys = ("programme", "merchant_id", "month", "platform", "item")
    return paid.group_by(*keys).agg(lines=paid.count(), amount_e4=int64(paid.amount_e4.sum())).order_by(*keys)


def _paid(decided: ir.Table, offers: ir.Table) -> ir.Table:
    rules = offers.select("rule", "programme")
    paid = decided.filter(decided.amount_e4 > 0)
    joined = paid.inner_join(rules, paid.rule == rules.rule)
    return joined.mutate(month=calendar.month(joined.ordered_at))
