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


def tied(links: ir.Table, merchants: ir.Table, platforms: ir.Table, seated: ir.Table) -> ir.Table:
    """The links as numbers: tied_platform, tied_store, tied_from, tied_to, and merchant, bench, bucket.

    `merchants`, `platforms`: name, number. `seated`: bench_merchant, bench, bucket; without a seat both are null.
    """
    rows = links.inner_join(merchants, links.merchant_id == merchants.name).rename(merchant="number").drop("name")
    rows = rows.inner_join(platforms, rows.platform == platforms.name).rename(tied_platform="number").drop("name")
    rows = rows.left_join(seated, rows.merchant == seated.bench_merchant)
    return rows.select(
        *("merchant", "bench", "bucket", "tied_platform"),
        tied_store="store_id",
        tied_from="valid_from",
        tied_to=rows.valid_to.fill_null(LAST),
    )


def linked(lines: ir.Table, platforms: ir.Table, tied: ir.Table) -> ir.Table:
    """All lines with platform_no, and merchant, bench, bucket: null where the store was nobody's on that date."""
    rows = lines.inner_join(platforms, lines.platform == platforms.name).rename(platform_no="number").drop("name")
    on = rows.ordered_at.date()
    same = [
        rows.store_id == tied.tied_store,
        rows.platform_no == tied.tied_platform,
        on >= tied.tied_from,
        on <= tied.tied_to,
    ]
    return rows.left_join(tied, same).drop("tied_platform", "tied_store", "tied_from", "tied_to")
