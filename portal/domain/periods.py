"""Korean calendar dates, months as `YYYY-MM` text, and how official documents write dates and times."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone

# Korea has had no daylight saving time since 1988, so a fixed offset is exact and needs no zone files.
KOREA = timezone(timedelta(hours=9), "KST")

Month = str  # "YYYY-MM", which sorts as text

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def korean_time(at: datetime) -> datetime:
    """An instant on the Korean clock. Raises ValueError for a time without zone: those are refused, not guessed."""
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at.astimezone(KOREA)


def korean_date(at: datetime) -> date:
    """The date in Korea at that instant."""
    return korean_time(at).date()


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """The Korean day as UTC instants: from (included) and to (excluded)."""
    start = datetime.combine(on, time(), KOREA).astimezone(UTC)
    return start, start + timedelta(days=1)


def is_month(text: str) -> bool:
    """Whether `text` is a month such as `2026-11`."""
    return _MONTH.fullmatch(text) is not None


def month_of(on: date) -> Month:
    """`2026-11-22` -> `2026-11`."""
    return f"{on.year:04d}-{on.month:02d}"


def first_day(month: Month) -> date:
    """The first date of the month. Raises ValueError when `month` is not `YYYY-MM`."""
    if not is_month(month):
        raise ValueError(f"not a month: {month!r}")
    return date(int(month[:4]), int(month[5:]), 1)


def last_day(month: Month) -> date:
    """The last date of the month."""
    first = first_day(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def next_month(month: Month) -> Month:
    """`2026-12` -> `2027-01`."""
    return month_of(last_day(month) + timedelta(days=1))


def months(first: Month, last: Month) -> list[Month]:
    """Every month from `first` to `last`, both included; empty when `last` is earlier."""
    found = []
    month = month_of(first_day(first))
    while month <= month_of(first_day(last)):
        found.append(month)
        month = next_month(month)
    return found


def fiscal_year(on: date) -> int:
    """The budget year, which is the calendar year (지방회계법, 국가재정법)."""
    return on.year


def document_date(on: date) -> str:
    """`2026. 11. 22.` (행정업무의 운영 및 혁신에 관한 규정 제7조제5항)."""
    return f"{on.year}. {on.month}. {on.day}."


def document_time(at: datetime) -> str:
    """`2026. 11. 22. 13:05`, on the Korean clock with 24 hours (same rule)."""
    local = korean_time(at)
    return f"{document_date(local.date())} {local:%H:%M}"
