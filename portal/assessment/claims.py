"""Step 11: claims and the parts they are made of, as sums over decided lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment import calendar
from portal.assessment.clamping import total, united
from portal.assessment.decisions import Working
from portal.assessment.engines import Engine

# A claim as one whole number, which groups and sorts faster than three: programme_no, merchant, month.
_MONTHS, _MERCHANTS = 2**20, 2**31


def claims(engine: Engine, work: Working) -> ir.Table:
    """programme_no, merchant, month (202603), lines, exact_e4; sorted by the first three, none of 0."""
    programmes = work.terms.rules.select("programme_no", of_rule="rule")
    tables = []
    for rows in work.decided:
        joined = _paid(rows).inner_join(programmes, rows.rule == programmes.of_rule)
        claim = _claim(joined, calendar.month(joined.ordered_at))
        tables.append(joined.select(claim=claim, lines=ibis.literal(1, "int64"), exact_e4=joined.amount_e4))
    if work.carried is not None:
        joined = work.carried.sums.inner_join(programmes, work.carried.sums.rule == programmes.of_rule)
        tables.append(joined.select("lines", "exact_e4", claim=_claim(joined, joined.month)))
    rows = united([table.select("claim", "lines", "exact_e4") for table in tables])
    merged = rows.group_by("claim").agg(lines=total(rows.lines), exact_e4=total(rows.exact_e4))
    found = engine.keep(merged).order_by("claim")
    return found.select(
        programme_no=(found.claim // (_MONTHS * _MERCHANTS)).cast("int32"),
        merchant=((found.claim // _MONTHS) % _MERCHANTS).cast("int32"),
        month=(found.claim % _MONTHS).cast("int32"),
        lines="lines",
        exact_e4="exact_e4",
    )


def _claim(rows: ir.Table, month: Any) -> Any:
    whose: Any = rows.programme_no.cast("int64") * _MERCHANTS + rows.merchant
    return whose * _MONTHS + month


def summaries(engine: Engine, work: Working) -> ir.Table:
    """The claims by platform_no and item: programme, merchant_id, month, lines, exact_e4; sorted."""
    sums = by_rule(engine, work)
    rules = work.terms.rules.select("programme_no", "programme", "item", offer_rule="rule")
    keys = ["programme_no", "merchant", "month", "platform_no", "item"]
    joined = sums.inner_join(rules, sums.rule == rules.offer_rule)
    merged = joined.group_by(*keys, "programme").agg(lines=total(joined.lines), exact_e4=total(joined.exact_e4))
    named = merged.inner_join(work.merchants, merged.merchant == work.merchants.number)
    return named.select(*keys, "programme", "lines", "exact_e4", merchant_id="name").order_by(*keys)


def by_rule(engine: Engine, work: Working) -> ir.Table:
    """rule, merchant, platform_no, month, lines, exact_e4: of the decided lines, and in months that earlier runs began
    also of theirs, for the merchants that have lines now."""
    keys = ["rule", "merchant", "platform_no"]
    sums = [engine.keep(_sums(rows, keys)) for rows in work.decided]
    if work.carried is not None:
        earlier = work.carried.sums
        sums.append(earlier.select(*keys, "month", "lines", "exact_e4"))
    return united(sums)


def _sums(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    paid = _paid(rows)
    return paid.group_by(*keys, month=calendar.month(paid.ordered_at)).agg(
        lines=paid.count(), exact_e4=total(paid.amount_e4)
    )


def _paid(rows: ir.Table) -> ir.Table:
    return rows.filter(rows.amount_e4 > 0)
