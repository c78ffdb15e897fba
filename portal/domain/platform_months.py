"""A platform's month seen from three sides: what the platform states, what is stored, what was claimed and paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from portal.domain.money import Won
from portal.domain.periods import Month
from portal.domain.statements import FEES, FIGURES, Reason, reason

COMPARED = ("orders", "order_amount", *FEES)  # of a month, in the order in which a statement tells them


class Finding(StrEnum):
    """What of a month does not fit together; the first four are for somebody to clear up."""

    ORDERS_DIFFER = "orders_differ"
    AMOUNT_DIFFERS = "amount_differs"
    FEES_DIFFER = "fees_differ"
    CLAIMED_OVER_COST = "claimed_over_cost"  # more than shops' own costs in the stored lines
    NOT_STATED = "not_stated"
    NOT_STORED = "not_stored"
    NOT_PAID_YET = "not_paid_yet"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the platform says of a month, by name of FIGURES; what it does not say is not there. `source`: the file of
    its statement, or its program."""

    figures: Mapping[str, int]
    source: str
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredMonth:
    """What the counting lines of a month come to, all FIGURES. Orders and won leave out cancelled orders."""

    figures: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(FIGURES, 0))

    @property
    def cost(self) -> Won:
        """What the shops paid themselves for delivery and promotion."""
        of = self.figures
        return of["delivery_fee"] - of["delivery_support"] + of["promotion_cost"] - of["promotion_support"]


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One of COMPARED: None is not stated, and then there is nothing to compare."""

    name: str
    stated: int | None
    stored: int
    reason: Reason | None

    @property
    def missing(self) -> int | None:
        """Stated less stored."""
        return None if self.stated is None else self.stated - self.stored


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
    def compared(self) -> dict[str, ComparedFigure]:
        """By name, in the order of COMPARED."""
        said, ours = self.stated.figures if self.stated else {}, self.stored.figures
        return {
            name: ComparedFigure(
                name, said.get(name), ours[name], reason(name, said[name], ours) if name in said else None
            )
            for name in COMPARED
        }

    @property
    def fees_differing(self) -> list[str]:
        found = self.compared
        return [name for name in FEES if found[name].missing]

    @property
    def unpaid(self) -> Won:
        return self.claims.claimed - self.claims.paid

    @property
    def findings(self) -> list[Finding]:
        """What does not fit, in the order of Finding."""
        tests = {
            Finding.ORDERS_DIFFER: bool(self.compared["orders"].missing),
            Finding.AMOUNT_DIFFERS: bool(self.compared["order_amount"].missing),
            Finding.FEES_DIFFER: bool(self.fees_differing),
            Finding.CLAIMED_OVER_COST: self.claims.claimed > self.stored.cost,
            Finding.NOT_STATED: self.stated is None,
            Finding.NOT_STORED: not any(self.stored.figures.values()),
            Finding.NOT_PAID_YET: self.unpaid != 0,
        }
        return [finding for finding, found in tests.items() if found]


@dataclass(frozen=True, slots=True)
class StateMonth:
    """What an official reads off the platform's statement. `fees`: those of FEES that it tells, as supply prices."""

    platform: str
    period: Month
    orders: int
    order_amount: Won
    source: str
    fees: Mapping[str, Won] = field(default_factory=dict)
