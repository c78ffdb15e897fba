"""What a due day is explained with adds up to the due day itself, with the weeks of Chuseok 2026 worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import deadlines
from portal.domain.codes import load_holiday_names
from portal.domain.deadline_counting import Why, count
from portal.domain.periods import KOREA, korean_date

NAMES = load_holiday_names((Path(__file__).parents[2] / "portal/data/codes/holidays.csv").read_text(encoding="utf-8"))
TABLE = frozenset(NAMES)


def korean(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=KOREA)


def test_the_days_over_chuseok_are_told_one_by_one() -> None:
    found = count(korean(9, 21), 7, NAMES)
    assert [(s.first.day, s.last and s.last.day, s.why, s.name, s.days) for s in found.stretches] == [
        (21, 23, Why.COUNTED, "", 3),
        (24, 24, Why.HOLIDAY, "추석 전날", 0),
        (25, 25, Why.HOLIDAY, "추석", 0),
        (26, 26, Why.HOLIDAY, "추석 다음날", 0),
        (27, 27, Why.WEEKEND, "", 0),
        (28, 1, Why.COUNTED, "", 4),
    ]
    assert found.due_at == korean(10, 1, 18)


def test_a_supplement_and_an_extension_have_lines_of_their_own() -> None:
    found = count(korean(11, 2), 3 + 4, NAMES, [(date(2026, 11, 4), date(2026, 11, 6))], more=2)
    assert [(s.first.day, s.why, s.days) for s in found.stretches] == [
        (2, Why.COUNTED, 2),
        (4, Why.SUPPLEMENT, 0),
        (7, Why.WEEKEND, 0),
        (9, Why.COUNTED, 5),
        (14, Why.WEEKEND, 0),
        (16, Why.EXTENDED, 2),
    ]


def test_while_a_supplement_is_waited_for_there_is_no_due_day() -> None:
    found = count(korean(11, 2), 7, NAMES, [(date(2026, 11, 4), None)])
    assert (found.due_at, found.stretches[-1].why, found.stretches[-1].last) == (None, Why.WAITING, None)


def test_short_periods_are_told_in_hours() -> None:
    found = count(korean(10, 2, 16, 30), 3, NAMES)
    assert [(s.first.day, s.why, s.minutes) for s in found.stretches] == [
        (2, Why.COUNTED, 90),
        (3, Why.HOLIDAY, 0),
        (4, Why.WEEKEND, 0),
        (5, Why.HOLIDAY, 0),
        (6, Why.COUNTED, 480 + 480 + 390),
    ]
    assert (found.in_hours, found.due_at) == (True, korean(10, 8, 16, 30))


def test_a_day_that_became_a_holiday_moves_the_end() -> None:
    assert count(korean(9, 21), 7, NAMES | {date(2026, 9, 30): "임시공휴일"}).due_at == korean(10, 2, 18)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)),  # noqa: DTZ001
    st.integers(1, 20),
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=3),
)
def test_the_explanation_ends_where_the_clock_says(
    naive: datetime, days: int, more: int, waits: list[tuple[int, int]]
) -> None:
    at = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    start = korean_date(at)
    paused = [(start + timedelta(days=a), start + timedelta(days=a + b)) for a, b in waits]
    found = count(at, days, NAMES, paused, more=more)
    assert found.due_at == deadlines.processing_due_at(at, days, TABLE, paused, more=more)
    assert sum(s.minutes for s in found.stretches) == (days + more) * 480
    for before, after in zip(found.stretches, found.stretches[1:], strict=False):
        assert before.last is not None
        assert after.first == before.last + timedelta(days=1)


@pytest.mark.parametrize("holidays", [{}, NAMES])
def test_without_the_table_of_holidays_it_would_be_told_otherwise(holidays: dict[date, str]) -> None:
    told = [s.why for s in count(korean(9, 21), 7, holidays).stretches]
    assert (Why.HOLIDAY in told) == bool(holidays)
