"""Step 11: claims and the parts they are made of, as sums over decided lines."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.clamping import int64, total, united
from portal.assessment.decisions import Working
from portal.assessment.engines import Engine


def claims(engine: Engine, work: Working) -> ir.Table:
    """programme, merchant_id, month (202603), lines, exact_e4; sorted by the first three, none of 0.

    `merchant`, which sorts as merchant_id does, is there too.
    """
    return _named(engine, work, ())


def summaries(engine: Engine, work: Working) -> ir.Table:
    """The claims by platform_no and item: programme, merchant_id, month, lines, exact_e4; sorted."""
    return _named(engine, work, ("platform_no", "item"))


def by_rule(engine: Engine, work: Working, more: Sequence[str]) -> ir.Table:
    """rule, merchant, `more`, month, lines, exact_e4: of the decided lines, and in months that earlier runs began also
    of theirs, for the merchants that have lines now."""
    keys = ["rule", "merchant", *more]
    sums = [engine.keep(_sums(rows, keys)) for rows in work.decided]
    if work.carried is not None:
        earlier = work.carried.sums
        sums.append(
            earlier.group_by(*keys, "month").agg(lines=int64(earlier.lines.sum()), exact_e4=total(earlier.exact_e4))
        )
    return united(sums)


def _named(engine: Engine, work: Working, more: Sequence[str]) -> ir.Table:
    sums = by_rule(engine, work, [column for column in more if column != "item"])
    rules = work.terms.rules.select("programme_no", "item", offer_rule="rule")
    programmes = work.terms.rules.select("programme", number="programme_no").distinct()
    keys = ["programme_no", "merchant", "month", *more]
    joined = sums.inner_join(rules, sums.rule == rules.offer_rule)
    merged = joined.group_by(*keys).agg(lines=total(joined.lines), exact_e4=total(joined.exact_e4))
    named = merged.inner_join(work.merchants, merged.merchant == work.merchants.number).drop("number")
    named = named.inner_join(programmes, named.programme_no == programmes.number)
    told = named.select(*keys, "programme", "lines", "exact_e4", merchant_id="name")
    return told.order_by(*keys)


def _sums(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    paid = rows.filter(rows.amount_e4 > 0)
    return paid.group_by(*keys, month=calendar.month(paid.ordered_at)).agg(
        lines=paid.count(), exact_e4=total(paid.amount_e4)
    )
