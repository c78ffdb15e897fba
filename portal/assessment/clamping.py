"""A running total clamped at a limit: rows in their order get what is left, possibly part, possibly nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir


def clamped(rows: ir.Table, *, groups: Sequence[str], order: Sequence[str], cut: str) -> ir.Table:
    """The rows with `amount_e4` lowered to what their group's `limit_e4` leaves, after `before_e4` that came before
    them all, and what it took added to the column `cut`."""
    so_far = ibis.window(group_by=list(groups), order_by=list(order), preceding=None, following=0)
    earlier = rows.before_e4 + int64(rows.amount_e4.sum().over(so_far)) - rows.amount_e4
    left = ibis.greatest(0, ibis.least(rows.amount_e4, rows.limit_e4 - earlier))
    found = rows.mutate(left_e4=left)
    taken = found[cut] + found.amount_e4 - found.left_e4
    return found.mutate(**{cut: taken}, amount_e4=found.left_e4).drop("left_e4")


def int64(value: Any) -> Any:
    """Sums of int64 are wider in the engines; `.cast` would think that there is nothing to do."""
    return ops.Cast(value.op(), dt.int64).to_expr()


def total(value: Any) -> Any:
    """The sum of amounts as int64."""
    return int64(value.sum())


def united(tables: Sequence[ir.Table]) -> ir.Table:
    """All rows of one or more tables."""
    return ibis.union(*tables) if len(tables) > 1 else tables[0]
