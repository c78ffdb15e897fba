"""The words of a programme's terms: amounts, what caps and pools add up over, bases; names of items and sources."""

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


def N_(text: str) -> str:
    """Marks a text for the catalogue (make translations); whoever shows it translates it."""
    return text


# item and funding source -> what it is called in letters, statistics and on screen
SERVICE = "service"  # the item of what is paid for services in kind
ITEM_NAMES: Mapping[str, str] = {
    "delivery": N_("배달 대행비"),
    "promotion": N_("앱 이용 고객 홍보비"),
    "entry": N_("입점 준비비"),
    SERVICE: N_("현물 서비스"),
}
SOURCE_NAMES: Mapping[str, str] = {
    "national": N_("국비"),
    "province": N_("시·도비"),
    "county": N_("군비"),
    "city": N_("시비"),
}
