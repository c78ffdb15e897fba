"""What an assessment takes in beside lines and terms, and what it answers. Won, or e4 where the name says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.money import Won
from portal.domain.periods import Month


class Reason(StrEnum):
    """The outcome of one line for one item, in the order in which the tests are made."""

    SUPERSEDED = "superseded"  # a later statement about the same order counts
    CANCELLED = "cancelled"
    UNLINKED = "unlinked"  # nobody's store on that date
    NOT_ENROLLED = "not_enrolled"
    OUTSIDE_WINDOW = "outside_window"
    PLATFORM = "platform"
    CHANNEL = "channel"
    BELOW_MINIMUM = "below_minimum"
    NO_COST = "no_cost"
    DUPLICATE = "duplicate"  # another statement about the same order was taken for the item
    PAID = "paid"
    REDUCED = "reduced"
    CAPPED = "capped"


@dataclass(frozen=True, slots=True)
class LinkPeriod:
    """A store at a platform is a merchant's between two Korean dates, both inclusive; `valid_to` None: still is."""

    platform: str
    store_id: str
    merchant_id: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A merchant takes part in a programme between two Korean dates, both inclusive; None is open.

    `accepted_at` is naive Korean time, like the orders': it decides whose turn it is in pools ordered by it.
    """

    programme: str
    merchant_id: str
    owner_id: str
    enrolled_from: date | None
    enrolled_to: date | None
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A merchant's month in a programme: `lines` paid (line, item) pairs, their exact sum, and what is payable."""

    programme: str
    merchant_id: str
    period: Month
    lines: int
    exact_e4: int
    payable: Won


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The part of a claim that comes from one platform and item."""

    programme: str
    merchant_id: str
    period: Month
    platform: str
    item: str
    lines: int
    amount_e4: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What one cap or pool took from a line: `what` is `cap` or `pool`, `per` its period, `legal` its article."""

    what: str
    per: str
    legal: str
    taken_e4: int


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """Everything that decided one line for one item. `basis` in won; `legal` is the article of the deciding rule."""

    merchant_id: str
    period: Month
    ordered_at: datetime
    platform: str
    order_no: str
    received_seq: int
    item: str
    programme: str
    channel: str
    status: str
    basis: Won
    amount_before_caps_e4: int
    cuts: tuple[Cut, ...]
    amount_e4: int
    reason: Reason
    legal: str
