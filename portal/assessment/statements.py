"""Steps 1 and 2: which statement about an order counts, and which orders were cancelled by anyone who reports them.

Nearly every order is told once, by one platform, and needs no verdict. A short print of the order's own key finds the
others without comparing texts: it may suspect an order wrongly, never miss one; suspects are compared by their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment.clamping import united


def own_key(rows: ir.Table) -> ir.StringValue:
    """The key of an order that names no origin."""
    return rows.platform + ":" + rows.order_no


def short_print(key: Any, *, wide: bool = False) -> Any:
    """31 bits of a hash: half the size for nearly the same, because those it suspects wrongly are few; or 62 bits."""
    return key.hash() & 0x3FFF_FFFF_FFFF_FFFF if wide else (key.hash() & 0x7FFF_FFFF).cast("int32")


def pointing(lines: ir.Table, *, wide: bool) -> ir.Table:
    """The lines that name another order: told_platform, told_order, told_seq, the `origin_key` they name, and the
    prints of their `own` key and of the one `named`."""
    rows = lines.filter((lines.origin_key != "") & (lines.origin_key != own_key(lines)))
    return rows.select(
        "origin_key",
        told_platform="platform",
        told_order="order_no",
        told_seq="received_seq",
        own=short_print(own_key(rows), wide=wide),
        named=short_print(rows.origin_key, wide=wide),
    )


def prints(told: Sequence[ir.Table], pointing: ir.Table) -> ir.Table:
    """`print` of every line; of a line that names another order its own again, and that order's."""
    mine = [rows.select("print") for rows in told]
    return united([*mine, pointing.select(print="own"), pointing.select(print="named")])


def long_prints(lines: ir.Table) -> ir.Table:
    """64 bits of the own key of every line, and of the origin that it names where that is another: `print`."""
    pointing = lines.filter((lines.origin_key != "") & (lines.origin_key != own_key(lines)))
    return ibis.union(lines.select(print=own_key(lines).hash()), pointing.select(print=pointing.origin_key.hash()))


def in_parts(prints: ir.Table, parts: int) -> ir.Table:
    """The prints with the `part` they are counted in: all equal ones in the same."""
    return prints.mutate(part=prints.print % parts)


def plain(told: ir.Table, several: ir.Table) -> ir.Table:
    """The lines with none of these prints, with `superseded` and `cancelled`: nobody else says anything about them."""
    rows = told.anti_join(several, "print")
    return rows.mutate(superseded=ibis.literal(False), cancelled=rows.said_cancelled)


def keyed(suspects: ir.Table, pointing: ir.Table) -> ir.Table:
    """The suspects, which have their `platform`, with their `order_key`."""
    said = [
        suspects.platform == pointing.told_platform,
        suspects.order_no == pointing.told_order,
        suspects.received_seq == pointing.told_seq,
    ]
    rows = suspects.left_join(pointing, said)
    return rows.mutate(order_key=rows.origin_key.fill_null(own_key(rows))).select(*suspects.columns, "order_key")


def doubled(suspects: ir.Table) -> ir.Table:
    """Statements about one order that share a received_seq: twin_platform, twin_order, twin_seq."""
    counted = suspects.group_by("platform", "order_no", "received_seq").agg(statements=suspects.count())
    twins = counted.filter(counted.statements > 1)
    return twins.select(twin_platform="platform", twin_order="order_no", twin_seq="received_seq")


def judged(suspects: ir.Table) -> ir.Table:
    """The keyed suspects with `superseded`, `cancelled` by any who report the order, and `shared_key`: the order key,
    where a current statement about another order has it too, else null."""
    orders = suspects.group_by(about_platform="platform", about_order="order_no").agg(
        latest=suspects.received_seq.max()
    )
    about = [suspects.platform == orders.about_platform, suspects.order_no == orders.about_order]
    dated = suspects.inner_join(orders, about)
    current = dated.filter(dated.received_seq == dated.latest)
    keys = current.group_by(key="order_key").agg(reports=current.count(), key_cancelled=current.said_cancelled.any())
    found = dated.left_join(keys, dated.order_key == keys.key)
    return found.mutate(
        superseded=found.received_seq < found.latest,
        cancelled=found.key_cancelled.fill_null(False),
        shared_key=ibis.ifelse(found.reports > 1, found.order_key, ibis.null("string")),
    ).drop("order_key", "about_platform", "about_order", "latest", "key", "reports", "key_cancelled")
