"""What people who wait may expect, from how long it really took for others: working days, the usual and the late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.deadlines import Holidays, Span, processing_due_on, working_days

WINDOW_DAYS = 90  # how far back it is looked
LEAST = 5  # of fewer nothing can be said
MOST = 1_000  # of the newest: more would say the same


@dataclass(frozen=True, slots=True)
class Spread:
    """Working days, the first day counted: half took no longer than `usual`, nine of ten no longer than `late`."""

    usual: int
    late: int
    count: int


@dataclass(frozen=True, slots=True)
class Expected:
    """The days on which half, and nine of ten, would have been done; `count`: of how many, 0 where it was assumed."""

    usual: date
    late: date
    count: int

    def overdue(self, on: date) -> bool:
        """Whether it takes longer already than for nine of ten."""
        return self.late < on


def spread(spans: Collection[Span], holidays: Holidays) -> Spread | None:
    """Of spans from the first to the last day; None where they are too few."""
    if len(spans) < LEAST:
        return None
    days = sorted(working_days(first, last, holidays) for first, last in spans)
    return Spread(_rank(days, 50), _rank(days, 90), len(days))


def expected(since: date, found: Spread | None, assumed: int, holidays: Holidays) -> Expected:
    """Counted from the day it began; `assumed` working days where too little is known."""
    found = found or Spread(assumed, assumed, 0)
    usual, late = (processing_due_on(since, days, holidays) for days in (found.usual, found.late))
    return Expected(usual, late, found.count)


def _rank(ordered: Sequence[int], per_cent: int) -> int:
    """The smallest that so many per cent do not exceed (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * per_cent // 100) - 1)]
