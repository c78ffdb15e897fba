"""Step 3: a store's merchant on the date of the order, and what makes link periods contradict each other."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)  # what an open end stands for


def reversed_periods(rows: ir.Table, start: str, end: str) -> ir.Table:
    """Rows that end before they begin."""
    return rows.filter(rows[end] < rows[start])


def overlapping(links: ir.Table) -> ir.Table:
    """Links that begin before an earlier link of the same store has ended."""
    ends = links.valid_to.fill_null(LAST)
    order = [links.valid_from, ends, links.merchant_id]
    before = ends.max().over(
        ibis.window(group_by=["platform", "store_id"], order_by=order, preceding=(None, 1), following=None)
    )
    marked = links.mutate(earlier_end=before)
    return marked.filter(marked.earlier_end >= marked.valid_from).drop("earlier_end")


def linked(lines: ir.Table, links: ir.Table) -> ir.Table:
    """All lines with `merchant_id`, null where the store was nobody's on that date."""
    tied = links.select(
        tied_platform="platform",
        tied_store="store_id",
        merchant_id="merchant_id",
        tied_from="valid_from",
        tied_to=links.valid_to.fill_null(LAST),
    )
    on = lines.ordered_at.date()
    found = lines.left_join(
        tied,
        [
            lines.platform == tied.tied_platform,
            lines.store_id == tied.tied_store,
            on >= tied.tied_from,
            on <= tied.tied_to,
        ],
    )
    return found.drop("tied_platform", "tied_store", "tied_from", "tied_to")
