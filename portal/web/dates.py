"""Dates and times on a page: as official documents write them in Korean, in plain words in English."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import format_date, get_locale, to_user_timezone

from portal.domain import periods
from portal.domain.periods import Month


def day(value: date | None) -> str:
    """`2026. 11. 22.`, as official documents write it; in English `22 Nov 2026`."""
    if value is None:
        return "-"
    return format_date(value, "d MMM y") if _in_english() else periods.document_date(value)


def day_of(value: datetime | None) -> str:
    """The Korean day of a moment: `2026. 11. 22.`"""
    return day(periods.korean_date(value)) if value else "-"


def moment(value: datetime | None) -> str:
    """`2026. 11. 22. 13:05`, Korean time (행정업무규정 제7조 제5항); in English `22 Nov 2026, 13:05`."""
    if value is None:
        return "-"
    local = to_user_timezone(value)
    return f"{day(local.date())}{',' if _in_english() else ''} {local:%H:%M}"


def hour(value: datetime) -> str:
    """`13:05`, Korean time."""
    return f"{to_user_timezone(value):%H:%M}"


def last_day(value: datetime) -> str:
    """The last Korean day before a moment at which something ends: midnight after the 31st is the 31st."""
    return day(periods.korean_date(value - timedelta(microseconds=1)))


def month(value: Month) -> str:
    """2026-06 -> `2026. 6.`; in English `Jun 2026`."""
    first = periods.first_day(value)
    return format_date(first, "MMM y") if _in_english() else f"{first.year}. {first.month}."


def clock_time(value: datetime) -> str:
    """The time of an order as the platform wrote it (Korean, without zone): `5. 3. 12:00`; in English `3 May 12:00`."""
    start = format_date(value.date(), "d MMM") if _in_english() else f"{value.month}. {value.day}."
    return f"{start} {value:%H:%M}"


def _in_english() -> bool:
    return getattr(get_locale(), "language", "ko") == "en"
