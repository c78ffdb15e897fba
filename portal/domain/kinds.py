"""The words a programme's terms are written in: kinds of amounts, what caps and pools add up over, and bases."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class AmountKind(StrEnum):
    """How a line's amount is found."""

    COST_SHARE = "cost_share"  # basis x rate
    FLAT = "flat"  # the amount for each line
    COST_UP_TO = "cost_up_to"  # the basis, at most the amount
    FLAT_BY = "flat_by"  # an amount by payment method, channel or platform
    ONE_OFF = "one_off"  # the amount for the merchant's first line of the item, nothing for later ones


class CapPer(StrEnum):
    """What a cap adds up over: one item of one merchant, or with OWNER of all merchants of an owner."""

    ORDER = "order"
    DAY = "day"
    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"
    PROGRAMME = "programme"
    OWNER = "owner"


class PoolPer(StrEnum):
    """What a pool adds up over: all merchants and items of the programme."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    PROGRAMME = "programme"


class PoolOrder(StrEnum):
    """Whose turn it is while a pool runs out: the order's time, or the time the merchant was accepted."""

    ORDERED_AT = "ordered_at"
    ACCEPTED_AT = "accepted_at"


# basis: what the merchant paid, and the part of it that somebody else bore (columns of a settlement line)
BASES: Mapping[str, tuple[str, str]] = {
    "merchant_delivery_cost": ("delivery_fee", "delivery_support"),
    "merchant_promotion_cost": ("promotion_cost", "promotion_support"),
}


class Attribute(StrEnum):
    """What a flat_by amount may depend on."""

    PAYMENT_METHOD = "payment_method"
    CHANNEL = "channel"
    PLATFORM = "platform"
