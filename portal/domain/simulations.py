"""Simulations: what a draft of terms would have cost on stored lines, beside what the terms in force would have.

Amounts are won or e4 as the name says. A result holds sums alone, no merchant and no order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.domain.money import E4, Won
from portal.domain.periods import Month


class Participants(StrEnum):
    """Who takes part: those with an approved application, or every merchant of the office with a confirmed store."""

    ACCEPTED = "accepted"
    LINKED = "linked"


class Window(StrEnum):
    """Which orders of the chosen months count: those inside the cost window of the terms, or all of them."""

    TERMS = "terms"
    PERIOD = "period"


class By(StrEnum):
    """What costs are broken down by; codes are months, region codes, `edition:KSIC`, lower bounds, item codes."""

    MONTH = "month"
    ITEM = "item"
    REGION = "region"
    INDUSTRY = "industry"
    SALES = "sales"
    WORKERS = "workers"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be tried: terms as TOML (`file`: where they came from), months, and a budget if one was entered."""

    text: str
    file: str
    since: Month
    until: Month
    participants: Participants
    counted: Window
    budget: Won | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What falls to a code: merchants with an amount, paid (line, item) pairs, won payable (items: before rounding)."""

    code: str
    merchants: int
    lines: int
    won: Won


@dataclass(frozen=True, slots=True)
class PoolEnd:
    """A pool, and for each of its periods in which it ran out the day of the first order it cut."""

    per: str
    amount: Won
    order_by: str
    legal: str
    days: tuple[date, ...]

    @property
    def first(self) -> date | None:
        return min(self.days, default=None)


@dataclass(frozen=True, slots=True)
class Side:
    """What a set of terms comes to. `reasons`: (line, item) pairs by outcome; `daily`: exact e4 by day of the order."""

    merchants: int
    lines: int
    won: Won
    median: Won
    shares: Mapping[By, tuple[Share, ...]]
    reasons: Mapping[str, int]
    daily: tuple[tuple[date, int], ...]
    pools: tuple[PoolEnd, ...]

    @property
    def mean(self) -> Won:
        """Won per merchant with an amount, rounded down."""
        return self.won // self.merchants if self.merchants else 0

    def runs_out_on(self, budget: Won) -> date | None:
        """The day of the order with which the cost reaches the budget; None where it never does."""
        sum_e4 = 0
        for day, amount_e4 in self.daily:
            sum_e4 += amount_e4
            if sum_e4 >= budget * E4:
                return day
        return None


@dataclass(frozen=True, slots=True)
class Result:
    """Both sides on the same lines (of the deliveries up to number `upto`) and the same number of participants."""

    in_force: Side
    draft: Side
    budget: Won
    upto: int
    participants: int


def as_bytes(result: Result) -> bytes:
    """The result as it is stored: the same bytes for the same result."""
    return json.dumps(asdict(result), ensure_ascii=False, sort_keys=True, default=date.isoformat).encode()


def from_bytes(stored: bytes) -> Result:
    kept = json.loads(stored)
    kept["in_force"], kept["draft"] = _side(kept["in_force"]), _side(kept["draft"])
    return Result(**kept)


def _side(kept: dict[str, Any]) -> Side:
    shares = {By(by): tuple(Share(**row) for row in rows) for by, rows in kept.pop("shares").items()}
    daily = tuple((date.fromisoformat(day), e4) for day, e4 in kept.pop("daily"))
    pools = tuple(PoolEnd(days=_days(pool.pop("days")), **pool) for pool in kept.pop("pools"))
    return Side(**kept, shares=shares, daily=daily, pools=pools)


def _days(texts: Sequence[str]) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))
