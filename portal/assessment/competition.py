"""Step 6: one payment per order and item, whoever reports the order and whatever programme took it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def placed(granted: ir.Table) -> ir.Table:
    """The rows with `duplicate`: whether another row of the same `shared_key` is the one to be paid for the item."""
    place = ibis.row_number().over(
        ibis.window(
            group_by=[granted.item_no, granted.shared_key],
            order_by=[granted.basis.desc(), granted.platform_no, granted.order_no],
        )
    )
    return granted.mutate(duplicate=(place > 0) & granted.shared_key.notnull())
