"""How the day of an answer was counted, stretch by stretch, for people to read; portal/domain/deadlines.py only says
when it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from portal.domain.deadlines import HOURS_A_DAY, LONGEST_IN_HOURS, OFFICE_HOURS
from portal.domain.periods import KOREA, korean_time

Pause = tuple[date, date | None]  # both days included; no end: it still lasts
_LONGEST = timedelta(days=366 * 3)  # a case that pauses for years is shown no further


class Why(StrEnum):
    """Why days of a stretch count, or do not."""

    COUNTED = "counted"
    EXTENDED = "extended"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SUPPLEMENT = "supplement"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row for which the same holds. `last` None: it lasts still; `name`: of the holiday; `minutes`: counted,
    eight hours a day.
    """

    first: date
    last: date | None
    why: Why
    name: str = ""
    minutes: int = 0

    @property
    def days(self) -> int:
        return self.minutes // (HOURS_A_DAY * 60)


@dataclass(frozen=True, slots=True)
class Counting:
    """`due_at` (UTC) is None while a supplement is waited for: the clock stands still. `in_hours`: 5 days or less."""

    stretches: tuple[Stretch, ...]
    due_at: datetime | None
    in_hours: bool
    days: int
    more: int


def count(
    received_at: datetime, days: int, holidays: Mapping[date, str], paused: Iterable[Pause] = (), *, more: int = 0
) -> Counting:
    """Counts as `processing_due_at` does, and keeps what it meets on the way. `more`: days of extensions."""
    in_hours = days <= LONGEST_IN_HOURS
    local, pauses, found = korean_time(received_at), tuple(paused), list[Stretch]()
    whole, left = days * HOURS_A_DAY * 60, (days + more) * HOURS_A_DAY * 60
    on = local.date()
    while on - local.date() < _LONGEST:
        stretch = _day(on, holidays, pauses)
        if stretch.last is None:
            return Counting((*found, stretch), None, in_hours, days, more)
        if stretch.why is Why.COUNTED:
            worked = min(left, _minutes(on, local) if in_hours else HOURS_A_DAY * 60)
            over = (days + more) * HOURS_A_DAY * 60 - left >= whole
            stretch = replace(stretch, why=Why.EXTENDED if over else Why.COUNTED, minutes=worked)
            left -= worked
        _append(found, stretch)
        if not left:
            ends = _clock(on, local, stretch.minutes) if in_hours else OFFICE_HOURS[-1][1]
            due_at = datetime.combine(on, ends, KOREA).astimezone(UTC)
            return Counting(tuple(found), due_at, in_hours, days, more)
        on += timedelta(days=1)
    return Counting(tuple(found), None, in_hours, days, more)


def _day(on: date, holidays: Mapping[date, str], pauses: tuple[Pause, ...]) -> Stretch:
    for start, end in pauses:
        if start <= on and end is None:
            return Stretch(on, None, Why.WAITING)
        if end is not None and start <= on <= end:
            return Stretch(on, on, Why.SUPPLEMENT)
    if on in holidays:
        return Stretch(on, on, Why.HOLIDAY, holidays[on])
    return Stretch(on, on, Why.COUNTED if on.weekday() < 5 else Why.WEEKEND)


def _append(found: list[Stretch], next_day: Stretch) -> None:
    """Days of one kind become one stretch; holidays keep their names."""
    before = found[-1] if found else None
    if before is None or before.why != next_day.why or before.name != next_day.name:
        found.append(next_day)
        return
    found[-1] = replace(before, last=next_day.last, minutes=before.minutes + next_day.minutes)


def _minutes(on: date, local: datetime) -> int:
    """Working minutes of this day from the moment of receipt."""
    return sum(int((end - start).total_seconds()) // 60 for start, end in _hours(on, local))


def _clock(on: date, local: datetime, minutes: int) -> time:
    """The time of this day at which so many working minutes have passed."""
    for start, end in _hours(on, local):
        here = int((end - start).total_seconds()) // 60
        if minutes <= here:
            return (start + timedelta(minutes=minutes)).time()
        minutes -= here
    return OFFICE_HOURS[-1][1]


def _hours(on: date, local: datetime) -> list[tuple[datetime, datetime]]:
    spans = [
        (datetime.combine(on, opens, KOREA), datetime.combine(on, closes, KOREA)) for opens, closes in OFFICE_HOURS
    ]
    from_receipt = [(max(start, local.replace(second=0, microsecond=0)), end) for start, end in spans]
    return [(start, end) for start, end in from_receipt if start < end]
