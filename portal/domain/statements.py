"""What a platform says it reported for a month, beside what is stored of it, and why the two may differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.periods import Month
from portal.domain.settlements import WON_COLUMNS

# Completed and cancelled orders, each counted once by its newest line, and won over the completed ones.
FIGURES = ("orders", "cancelled", *WON_COLUMNS)
# What shops are charged. Stored as supply prices, and whole: what a platform or a government bore is in them.
FEES = ("delivery_fee", "promotion_cost", "brokerage_fee", "payment_fee")
_SUPPORTS = {"delivery_fee": "delivery_support", "promotion_cost": "promotion_support"}
BY_PROGRAM = "API"  # the source of what a platform's program states
BY_PERSON = "플랫폼 담당자"  # and of what its people state


class Reason(StrEnum):
    """Why a stated figure may not be the stored one: what its size tells, else only which of them is more."""

    VAT_INCLUDED = "vat_included"
    SUPPORT_LEFT_OUT = "support_left_out"
    MORE_STATED = "more_stated"
    MORE_STORED = "more_stored"


@dataclass(frozen=True, slots=True)
class StateMonth:
    """A platform's own figures for a month, by name of FIGURES; what it does not state is not compared."""

    period: Month
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`differences`: stated less stored, for every figure that was stated and is not the same."""

    period: Month
    stated_at: datetime
    stated: Mapping[str, int]
    stored: Mapping[str, int]

    @property
    def differences(self) -> dict[str, int]:
        apart = {name: value - self.stored[name] for name, value in self.stated.items()}
        return {name: by for name, by in apart.items() if by != 0}

    @property
    def reasons(self) -> dict[str, Reason]:
        """For every difference what it looks like."""
        found = {name: reason(name, self.stated[name], self.stored) for name in self.differences}
        return {name: why for name, why in found.items() if why is not None}

    @property
    def agrees(self) -> bool:
        return not self.differences


def reason(name: str, stated: int, stored: Mapping[str, int]) -> Reason | None:
    """What a difference looks like; None where there is none. `stored`: all figures of the month."""
    ours = stored[name]
    if stated == ours:
        return None
    if name in FEES and ours and _is_with_vat(stated, ours, stored["orders"]):
        return Reason.VAT_INCLUDED
    support = stored[_SUPPORTS[name]] if name in _SUPPORTS else 0
    if support and stated == ours - support:
        return Reason.SUPPORT_LEFT_OUT
    return Reason.MORE_STATED if stated > ours else Reason.MORE_STORED


def _is_with_vat(stated: int, ours: int, orders: int) -> bool:
    """Ten per cent more: VAT is rounded order by order, so half a won of each may be missing or too many."""
    off, slack = stated - ours, (orders + 1) // 2
    return off > slack and abs(10 * off - ours) <= 10 * slack
