"""Steps 5 and 6: one programme per line and item, and one payment per order and item."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def doubtful(rows: ir.Table) -> ir.BooleanValue:
    """Whether another programme may want the line, or another line may be about the same order."""
    return rows.contested | rows.shared_key.notnull()


def resolved(rows: ir.Table) -> ir.Table:
    """Of doubtful rows the one each line and item goes to, and `duplicate` for those whose order is paid elsewhere.

    Where a merchant is enrolled twice on a date, the enrolment accepted first counts (then the smaller owner).
    """
    turn = ibis.row_number().over(
        ibis.window(
            group_by=[rows.platform, rows.order_no, rows.item],
            order_by=[rows.rank, rows.accepted_at, rows.owner_id],
        )
    )
    numbered = rows.mutate(turn=turn)
    taken = numbered.filter(numbered.turn == 0).drop("turn")
    # a line of its own key meets no other line here: its platform and order number stand for the key
    place = ibis.row_number().over(
        ibis.window(
            group_by=[
                taken.item,
                taken.shared_key,
                ibis.ifelse(taken.shared_key.isnull(), taken.platform, ""),
                ibis.ifelse(taken.shared_key.isnull(), taken.order_no, ""),
            ],
            order_by=[taken.basis.desc(), taken.platform, taken.order_no],
        )
    )
    return taken.mutate(duplicate=place > 0)
