"""When an answer is due. Two clocks: working days and hours for the office, calendar days for the citizen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from portal.domain.errors import NotFound, Problem
from portal.domain.periods import KOREA, korean_time

Holidays = frozenset[date]
Span = tuple[date, date]  # both days included

# The office day with its lunch break is civil-service practice; the Act says only that a day has eight working hours.
OFFICE_HOURS = ((time(9), time(12)), (time(13), time(18)))
HOURS_A_DAY = 8
LONGEST_IN_HOURS = 5  # days; longer periods are counted in days (민원 처리에 관한 법률 제19조제1항·제2항)


@dataclass(frozen=True, slots=True)
class ActPeriod:
    """One period of an Act: `act` is local, national, petition ...; `rule` is appeal, appeal_reply ..."""

    act: str
    rule: str
    days: int
    article: str
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True)
class ReportDue:
    """Within how many months of the end of a project or its budget year an Act wants it accounted for."""

    act: str
    months: int
    article: str
    valid_from: date
    source: str


def report_of(reports: Sequence[ReportDue], act: str, on: date) -> ReportDue:
    """The rule in force on a date. Raises NotFound when there is none."""
    valid = [report for report in reports if report.act == act and report.valid_from <= on]
    if not valid:
        raise NotFound(problems=[Problem("no_period_in_force", field=f"{act}.report", value=on.isoformat())])
    return max(valid, key=lambda report: report.valid_from)


def period_of(periods: Sequence[ActPeriod], act: str, rule: str, on: date) -> ActPeriod:
    """The period in force on a date: the latest `valid_from` not after it. Raises NotFound when there is none."""
    valid = [period for period in periods if (period.act, period.rule) == (act, rule) and period.valid_from <= on]
    if not valid:
        raise NotFound(problems=[Problem("no_period_in_force", field=f"{act}.{rule}", value=on.isoformat())])
    return max(valid, key=lambda period: period.valid_from)


def is_working_day(on: date, holidays: Holidays) -> bool:
    """Neither Saturday nor Sunday nor a public holiday."""
    return on.weekday() < 5 and on not in holidays


def next_working_day(on: date, holidays: Holidays) -> date:
    """`on` itself if it is a working day, else the first one after it."""
    while not is_working_day(on, holidays):
        on += timedelta(days=1)
    return on


def working_day_after(on: date, days: int, holidays: Holidays) -> date:
    """The last of so many working days after `on`, which does not count itself."""
    for _ in range(days):
        on = next_working_day(on + timedelta(days=1), holidays)
    return on


def processing_due_on(received_on: date, days: int, holidays: Holidays, paused: Iterable[Span] = ()) -> date:
    """The last working day of a period of six days or more; the day of receipt counts (민원처리법 제19조제2항).

    `paused`: spans that do not count, such as a supplement from the day it was asked for to the day it arrived,
    both included (행정절차법 시행령 제11조).
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    spans = tuple(paused)
    on, left = received_on, days
    while True:
        if is_working_day(on, holidays) and not any(start <= on <= end for start, end in spans):
            left -= 1
        if left == 0:
            return on
        on += timedelta(days=1)


def working_days(first: date, last: date, holidays: Holidays) -> int:
    """Working days from the first to the last day, both included, at least one; without going through the days."""
    weeks, rest = divmod(max(0, (last - first).days + 1), 7)
    weekdays = weeks * 5 + sum((first.weekday() + day) % 7 < 5 for day in range(rest))
    free = _on_weekdays(holidays)
    return max(1, weekdays - (bisect_right(free, last) - bisect_left(free, first)))


@lru_cache(maxsize=4)
def _on_weekdays(holidays: Holidays) -> list[date]:
    return sorted(day for day in holidays if day.weekday() < 5)


def hours_due_at(received_at: datetime, hours: int, holidays: Holidays, paused: Iterable[Span] = ()) -> datetime:
    """The instant (UTC) at which so many working hours have passed since receipt (민원처리법 제19조제1항).

    The days of `paused` have no hours, from the day a supplement was asked for to the day it arrived.
    """
    if hours < 1:
        raise ValueError("a period has at least one hour")
    spans = tuple(paused)
    local = korean_time(received_at)
    on, left = local.date(), timedelta(hours=hours)
    while True:
        counts = is_working_day(on, holidays) and not any(start <= on <= end for start, end in spans)
        for opens, closes in OFFICE_HOURS if counts else ():
            start = max(datetime.combine(on, opens, KOREA), local)
            end = datetime.combine(on, closes, KOREA)
            if start + left <= end:
                return (start + left).astimezone(UTC)
            left -= max(end - start, timedelta())
        on += timedelta(days=1)


def processing_due_at(
    received_at: datetime, days: int, holidays: Holidays, paused: Iterable[Span] = (), *, more: int = 0
) -> datetime:
    """The instant (UTC) by which the office answers: in hours up to five days, else the end of the last working day.

    `more`: days by which the period was extended; what was begun in hours stays in hours.
    """
    if days <= LONGEST_IN_HOURS:
        return hours_due_at(received_at, (days + more) * HOURS_A_DAY, holidays, paused)
    due_on = processing_due_on(korean_time(received_at).date(), days + more, holidays, paused)
    return datetime.combine(due_on, OFFICE_HOURS[-1][1], KOREA).astimezone(UTC)


def calendar_due_on(notified_on: date, days: int, holidays: Holidays) -> date:
    """The last day of a period given to a citizen, whether for a supplement or an appeal.

    The first day does not count; an end on a Saturday, Sunday or holiday moves to the next working day
    (민법 제157조·제161조).
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    return next_working_day(notified_on + timedelta(days=days), holidays)


def supplement_due_on(asked_on: date, days: int, holidays: Holidays) -> date:
    """By when the citizen hands in what is missing (민원처리법 시행령 제24조)."""
    return calendar_due_on(asked_on, days, holidays)


def appeal_due_on(notified_on: date, act: str, periods: Sequence[ActPeriod], holidays: Holidays) -> date:
    """By when the citizen may appeal: the Act of the money decides (local 20, national 30, petition 60 days)."""
    return calendar_due_on(notified_on, period_of(periods, act, "appeal", notified_on).days, holidays)


def notice_effective_on(posted_on: date, days: int) -> date:
    """The day on which a public notice takes effect that names none itself.

    So many days have passed since it was posted, which does not count (행정업무규정 제6조제3항, 민법 제157조); nothing
    rolls over: this is when a period has passed, not by when somebody has to act.
    """
    return posted_on + timedelta(days=days + 1)


def status_notices_due(received_on: date, on: date, every: int) -> int:
    """How many notices of how the case stands were due by `on`, one every so many days (민원처리법 시행령 제23조)."""
    return max(0, (on - received_on).days) // every


def restriction_ends_on(starts_on: date, years: int) -> date:
    """The last day of a period that restricts a right: its first day counts, and it ends on a holiday too
    (행정기본법 제6조제2항). What began on 29 February ends with February.
    """
    try:
        return starts_on.replace(year=starts_on.year + years) - timedelta(days=1)
    except ValueError:
        return date(starts_on.year + years, 2, 28)
