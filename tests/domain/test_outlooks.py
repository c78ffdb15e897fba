"""What may be expected, counted from what was: the usual, the late, and when nothing can be said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.deadlines import is_working_day, processing_due_on, working_days
from portal.domain.outlooks import Expected, Spread, expected, spread

CHUSEOK = frozenset({date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 26)})
MONDAY = date(2026, 9, 14)


@given(first=st.dates(date(2026, 8, 1), date(2026, 11, 1)), length=st.integers(0, 90))
def test_working_days_are_those_that_one_would_count_on_a_calendar(first: date, length: int) -> None:
    days = [first + timedelta(days=each) for each in range(length + 1)]
    counted = sum(is_working_day(day, CHUSEOK) for day in days)
    assert working_days(first, days[-1], CHUSEOK) == max(1, counted)


def test_half_took_no_longer_than_the_usual_and_nine_of_ten_no_longer_than_the_late() -> None:
    ends = [processing_due_on(MONDAY, days, CHUSEOK) for days in (1, 2, 3, 4, 5, 6, 7, 8, 9, 30)]
    assert spread([(MONDAY, end) for end in ends], CHUSEOK) == Spread(usual=5, late=9, count=10)


@pytest.mark.parametrize(("count", "known"), [(4, False), (5, True)])
def test_of_fewer_than_five_nothing_is_said(count: int, known: bool) -> None:
    assert (spread([(MONDAY, MONDAY)] * count, CHUSEOK) is not None) is known


def test_expected_days_are_counted_from_ones_own_day_over_the_holidays() -> None:
    found = expected(date(2026, 9, 22), Spread(2, 4, 11), 14, CHUSEOK)
    assert found == Expected(date(2026, 9, 23), date(2026, 9, 29), 11)
    assert (found.overdue(date(2026, 9, 29)), found.overdue(date(2026, 9, 30))) == (False, True)


def test_where_too_little_is_known_the_announced_days_stand_in_and_are_marked() -> None:
    assert expected(MONDAY, None, 3, CHUSEOK) == Expected(date(2026, 9, 16), date(2026, 9, 16), 0)
