"""Months, Korean dates and how documents write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import periods


@pytest.mark.parametrize(
    ("month", "first", "last", "following"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026-12"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "2027-01"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-03"),
    ],
)
def test_a_month_has_a_first_and_a_last_day_and_a_next_month(
    month: str, first: date, last: date, following: str
) -> None:
    assert (periods.first_day(month), periods.last_day(month), periods.next_month(month)) == (first, last, following)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "2026-01-01", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    assert not periods.is_month(text)
    with pytest.raises(ValueError, match="not a month"):
        periods.first_day(text)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-11", "2027-01", ["2026-11", "2026-12", "2027-01"]),
        ("2026-11", "2026-11", ["2026-11"]),
        ("2026-12", "2026-11", []),
    ],
)
def test_a_range_of_months_holds_both_ends(first: str, last: str, found: list[str]) -> None:
    assert periods.months(first, last) == found


def test_the_korean_day_begins_nine_hours_before_the_utc_day() -> None:
    assert periods.korean_date(datetime(2026, 11, 21, 14, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert periods.korean_date(datetime(2026, 11, 21, 15, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        periods.korean_date(datetime(2026, 11, 22))  # noqa: DTZ001


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_holds_exactly_the_instants_of_that_korean_date(on: date) -> None:
    start, end = periods.day_bounds(on)
    assert periods.korean_date(start) == periods.korean_date(end - timedelta(microseconds=1)) == on
    assert periods.korean_date(end) == on + timedelta(days=1)
    assert periods.fiscal_year(on) == on.year


def test_documents_write_dates_and_times_the_prescribed_way() -> None:
    assert periods.document_date(date(2026, 3, 5)) == "2026. 3. 5."
    assert periods.document_time(datetime(2026, 11, 22, 4, 5, tzinfo=UTC)) == "2026. 11. 22. 13:05"
