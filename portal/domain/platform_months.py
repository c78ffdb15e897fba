"""A platform's month seen from three sides: what the platform states, what is stored, what was claimed and paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from portal.domain.money import Won
from portal.domain.periods import Month


class Finding(StrEnum):
    """What of a month does not fit together; the first three are for somebody to clear up."""

    ORDERS_DIFFER = "orders_differ"
    AMOUNT_DIFFERS = "amount_differs"
    CLAIMED_OVER_COST = "claimed_over_cost"  # more than shops' own costs in the stored lines
    NOT_STATED = "not_stated"
    NOT_STORED = "not_stored"
    NOT_PAID_YET = "not_paid_yet"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the platform says of a month: orders that were not cancelled, and their amount; None is not said. `source`:
    the file of its statement, or its program."""

    orders: int | None
    order_amount: Won | None
    source: str
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredMonth:
    """What the counting lines of a month come to. `orders` and `order_amount` leave out cancelled ones; `cost`: what
    the shops paid themselves for delivery and promotion."""

    orders: int = 0
    cancelled: int = 0
    order_amount: Won = 0
    cost: Won = 0


@dataclass(frozen=True, slots=True)
class ClaimedMonth:
    """Won of the claims that count, and of those the bank has paid."""

    claimed: Won = 0
    paid: Won = 0


@dataclass(frozen=True, slots=True)
class PlatformMonth:
    platform: str
    period: Month
    stated: Stated | None = None
    stored: StoredMonth = field(default_factory=StoredMonth)
    claims: ClaimedMonth = field(default_factory=ClaimedMonth)

    @property
    def orders_missing(self) -> int | None:
        """Stated less stored orders; None where nothing is stated of them."""
        said = self.stated.orders if self.stated else None
        return None if said is None else said - self.stored.orders

    @property
    def amount_missing(self) -> Won | None:
        said = self.stated.order_amount if self.stated else None
        return None if said is None else said - self.stored.order_amount

    @property
    def unpaid(self) -> Won:
        return self.claims.claimed - self.claims.paid

    @property
    def findings(self) -> list[Finding]:
        """What does not fit, in the order of Finding."""
        tests = {
            Finding.ORDERS_DIFFER: bool(self.orders_missing),
            Finding.AMOUNT_DIFFERS: bool(self.amount_missing),
            Finding.CLAIMED_OVER_COST: self.claims.claimed > self.stored.cost,
            Finding.NOT_STATED: self.stated is None,
            Finding.NOT_STORED: self.stored == StoredMonth(),
            Finding.NOT_PAID_YET: self.unpaid != 0,
        }
        return [finding for finding, found in tests.items() if found]


@dataclass(frozen=True, slots=True)
class StateMonth:
    """What an official reads off the platform's statement."""

    platform: str
    period: Month
    orders: int
    order_amount: Won
    source: str
