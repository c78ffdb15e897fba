"""Lines that an official reads off a document: what each may hold, and what of them was told before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.domain.errors import Problem
from portal.domain.evidence import MAX_REASON, EvidenceKind
from portal.domain.money import Won
from portal.domain.periods import Month
from portal.domain.settlements import (
    CHANNELS,
    MAX_TEXT,
    MAX_WON,
    PAYMENT_METHODS,
    STATUSES,
    WON_COLUMNS,
    SettlementLine,
    month_bounds,
)

MAX_LINES = 500  # of one document; more than that comes as a file
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}:.+")
# What is compared with an order stored under the same number: all that a document tells of it.
COMPARED = (
    "ordered_at",
    "status",
    "order_amount",
    "delivery_fee",
    "delivery_support",
    "promotion_cost",
    "promotion_support",
)


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """One line of a document; `ordered_at` Korean time. `not_accepted`: why it is not, else empty."""

    ordered_at: datetime
    order_no: str = ""
    order_amount: Won = 0
    delivery_fee: Won = 0
    delivery_support: Won = 0
    promotion_cost: Won = 0
    promotion_support: Won = 0
    brokerage_fee: Won = 0
    payment_fee: Won = 0
    status: str = "completed"
    channel: str = ""
    payment_method: str = "other"
    origin_key: str = ""
    not_accepted: str = ""

    @property
    def cost(self) -> Won:
        return self.delivery_fee + self.promotion_cost


class Told(StrEnum):
    """How a line may have been told before; the first two refuse it."""

    ALREADY = "order_already_told"  # the same order with the same content
    TWICE_HERE = "order_twice_here"  # an earlier line of the document is the same order
    DIFFERENTLY = "order_told_differently"  # the same order number with another content
    ELSEWHERE = "order_told_elsewhere"  # another platform tells of the same order
    ALIKE = "order_looks_alike"  # another order of the shop at the same minute over the same amount


REFUSING = (Told.ALREADY, Told.TWICE_HERE)


@dataclass(frozen=True, slots=True)
class Finding:
    """`delivery_id`: where it was told, 0 within the document; `differing`: the columns that are not alike."""

    told: Told
    delivery_id: int = 0
    platform: str = ""
    order_no: str = ""
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """A line to be looked for among the stored ones. `numbered`: the document gives the order a number."""

    place: int
    platform: str
    order_no: str
    origin_key: str
    ordered_at: datetime
    order_amount: Won
    numbered: bool


def with_number(line: EnteredLine, merchant_id: int) -> EnteredLine:
    """The line with an order number: where the document gives none, the same delivery always gets the same one."""
    if line.order_no:
        return line
    return replace(line, order_no=f"m{merchant_id}-{line.ordered_at:%Y%m%d-%H%M}-{line.order_amount}")


def with_fee(lines: Sequence[EnteredLine], won: Won) -> list[EnteredLine]:
    """Each delivery at the same cost, as a programme counts own deliveries."""
    return [replace(line, delivery_fee=won, delivery_support=0) for line in lines]


def compared_total(kind: EvidenceKind, lines: Sequence[EnteredLine]) -> Won:
    """What is to come to the total of the document: costs, of an own-delivery log the orders' amounts."""
    return sum(line.order_amount if kind is EvidenceKind.OWN_DELIVERY else line.cost for line in lines)


def differing(line: EnteredLine, stored: SettlementLine) -> tuple[str, ...]:
    """The columns of COMPARED in which a line and a stored one are not alike; times are compared by the minute."""
    return tuple(name for name in COMPARED if _plain(getattr(line, name)) != _plain(getattr(stored, name)))


def problems_in(lines: Sequence[EnteredLine], period: Month) -> list[Problem]:
    """Everything wrong with the lines, by row (from 1) and column."""
    if len(lines) > MAX_LINES:
        return [Problem("too_many_rows", value=str(MAX_LINES))]
    return [found for row, line in enumerate(lines, 1) for found in _of_line(row, line, period)]


def _of_line(row: int, line: EnteredLine, period: Month) -> list[Problem]:
    start, end = month_bounds(period)
    wrong = []
    if not start <= line.ordered_at.date() < end:
        wrong.append(Problem("outside_month", "ordered_at", line.ordered_at.date().isoformat(), row=row))
    for name, choices, code in (
        ("status", STATUSES, "unknown_choice"),
        ("channel", ("", *CHANNELS), "unknown_channel"),
        ("payment_method", PAYMENT_METHODS, "unknown_payment_method"),
    ):
        if (value := getattr(line, name)) not in choices:
            wrong.append(Problem(code, name, value[:MAX_TEXT], row=row))
    for name, most in (("order_no", MAX_TEXT), ("origin_key", MAX_TEXT), ("not_accepted", MAX_REASON)):
        if len(getattr(line, name)) > most:
            wrong.append(Problem("too_long", name, row=row))
    if line.origin_key and not _ORIGIN.fullmatch(line.origin_key):
        wrong.append(Problem("bad_origin_key", "origin_key", line.origin_key[:MAX_TEXT], row=row))
    for name in WON_COLUMNS:
        if not 0 <= getattr(line, name) <= MAX_WON:
            wrong.append(Problem("out_of_range", name, str(getattr(line, name)), row=row))
    return wrong


def _plain(value: object) -> object:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value
