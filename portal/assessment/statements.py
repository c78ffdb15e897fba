"""Steps 1 and 2: which statement about an order counts, and which orders were cancelled by anyone who reports them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def repeated(lines: ir.Table) -> ir.Table:
    """Orders with several statements: twin_platform, twin_order, and the `latest` received_seq."""
    counted = lines.group_by("platform", "order_no").agg(latest=lines.received_seq.max(), statements=lines.count())
    several = counted.filter(counted.statements > 1)
    return several.select(twin_platform="platform", twin_order="order_no", latest="latest")


def doubled(lines: ir.Table, repeated: ir.Table) -> ir.Table:
    """Statements about one order that share a received_seq: twin_platform, twin_order, twin_seq."""
    same = [lines.platform == repeated.twin_platform, lines.order_no == repeated.twin_order]
    rows = lines.semi_join(repeated, same)
    counted = rows.group_by("platform", "order_no", "received_seq").agg(statements=rows.count())
    several = counted.filter(counted.statements > 1)
    return several.select(twin_platform="platform", twin_order="order_no", twin_seq="received_seq")


def dated(lines: ir.Table, repeated: ir.Table) -> ir.Table:
    """All lines with `superseded` and their `order_key`."""
    same = [lines.platform == repeated.twin_platform, lines.order_no == repeated.twin_order]
    joined = lines.left_join(repeated, same)
    return joined.mutate(
        superseded=(joined.received_seq < joined.latest).fill_null(False),
        order_key=ibis.ifelse(joined.origin_key == "", _own_key(joined), joined.origin_key),
    ).drop("twin_platform", "twin_order", "latest", "origin_key")


def troubled_keys(lines: ir.Table, repeated: ir.Table) -> ir.Table:
    """The order keys of which a current row is cancelled, or which several rows may have: troubled_key, key_cancelled.

    Two rows can only share a key if one of them names an origin, or has a colon in its platform's code.
    """
    all_rows = dated(lines, repeated)
    rows = all_rows.filter(~all_rows.superseded)
    foreign = (rows.order_key != _own_key(rows)) | rows.platform.contains(":")
    suspects = rows.filter(foreign | (rows.status == "cancelled"))
    by_key = suspects.group_by(troubled_key=suspects.order_key)
    return by_key.agg(key_cancelled=(suspects.status == "cancelled").any())


def judged(lines: ir.Table, repeated: ir.Table, troubled: ir.Table) -> ir.Table:
    """All lines with `superseded`, `cancelled`, and `shared_key`: the order key where others may have it, else null."""
    rows = dated(lines, repeated)
    joined = rows.left_join(troubled, rows.order_key == troubled.troubled_key)
    return joined.mutate(
        cancelled=joined.key_cancelled.fill_null(False),
        shared_key=joined.troubled_key,
    ).drop("troubled_key", "key_cancelled", "order_key")


def _own_key(rows: ir.Table) -> ir.StringValue:
    return rows.platform + ":" + rows.order_no
