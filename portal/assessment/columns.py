"""The columns of the three inputs: what each may hold, and the code of the problem where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.settlements import CHANNELS, PAYMENT_METHODS, STATUSES


class Kind(StrEnum):
    """`won` is an int64 that still fits when said in e4; `time` has no zone: it is Korean time."""

    TEXT = "text"
    INTEGER = "integer"
    WON = "won"
    TIME = "time"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `optional`: the cell may be empty (the column itself may never be missing)."""

    name: str
    kind: Kind
    optional: bool = False
    choices: tuple[str, ...] = ()


K = Kind
LINES = (
    Column("received_seq", K.INTEGER),
    Column("platform", K.TEXT),
    Column("store_id", K.TEXT),
    Column("order_no", K.TEXT),
    Column("origin_key", K.TEXT, optional=True),
    Column("channel", K.TEXT, choices=CHANNELS),
    Column("ordered_at", K.TIME),
    Column("status", K.TEXT, choices=STATUSES),
    Column("payment_method", K.TEXT, choices=PAYMENT_METHODS),
    Column("order_amount", K.WON),
    Column("delivery_fee", K.WON),
    Column("delivery_support", K.WON),
    Column("promotion_cost", K.WON),
    Column("promotion_support", K.WON),
    Column("brokerage_fee", K.WON),
    Column("payment_fee", K.WON),
)
LINKS = (
    Column("platform", K.TEXT),
    Column("store_id", K.TEXT),
    Column("merchant_id", K.TEXT),
    Column("valid_from", K.DATE),
    Column("valid_to", K.DATE, optional=True),
)
ENROLMENTS = (
    Column("programme", K.TEXT),
    Column("merchant_id", K.TEXT),
    Column("owner_id", K.TEXT),
    Column("enrolled_from", K.DATE, optional=True),
    Column("enrolled_to", K.DATE, optional=True),
    Column("accepted_at", K.TIME),
)
