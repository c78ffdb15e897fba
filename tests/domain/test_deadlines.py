"""The two clocks, with the dates worked out by hand for the Chuseok weeks of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import deadlines
from portal.domain.codes import load_act_periods, load_holidays
from portal.domain.errors import NotFound
from portal.domain.periods import KOREA

CODES = Path(__file__).parents[2] / "portal/data/codes"
HOLIDAYS = load_holidays((CODES / "holidays.csv").read_text(encoding="utf-8"))
ACTS = load_act_periods((CODES / "acts.csv").read_text(encoding="utf-8"))


def korean(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=KOREA)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2026, 9, 21), 7, date(2026, 10, 1)),
        (date(2026, 9, 21), 14, date(2026, 10, 14)),
        (date(2026, 9, 26), 7, date(2026, 10, 7)),
        (date(2026, 7, 14), 7, date(2026, 7, 23)),
        (date(2026, 11, 2), 1, date(2026, 11, 2)),
    ],
)
def test_processing_counts_working_days_with_the_day_of_receipt(received: date, days: int, due: date) -> None:
    assert deadlines.processing_due_on(received, days, HOLIDAYS) == due


def test_a_table_without_the_new_holiday_ends_a_day_too_early() -> None:
    old = HOLIDAYS - {date(2026, 7, 17)}
    assert deadlines.processing_due_on(date(2026, 7, 14), 7, old) == date(2026, 7, 22)


@pytest.mark.parametrize(
    ("paused", "due"),
    [
        ([], date(2026, 11, 10)),
        ([(date(2026, 11, 4), date(2026, 11, 6))], date(2026, 11, 13)),
        ([(date(2026, 11, 7), date(2026, 11, 8))], date(2026, 11, 10)),
        ([(date(2026, 11, 4), date(2026, 11, 5)), (date(2026, 11, 5), date(2026, 11, 6))], date(2026, 11, 13)),
    ],
)
def test_a_supplement_stops_the_clock_from_sending_to_arrival(paused: list[deadlines.Span], due: date) -> None:
    assert deadlines.processing_due_on(date(2026, 11, 2), 7, HOLIDAYS, paused) == due


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        (korean(10, 2, 16, 30), 24, korean(10, 8, 16, 30)),
        (korean(10, 3, 22), 8, korean(10, 6, 18)),
        (korean(10, 8, 17), 3, korean(10, 12, 11)),
        (korean(11, 3, 12, 30), 1, korean(11, 3, 14)),
        (korean(11, 3, 9), 3, korean(11, 3, 12)),
        (korean(11, 3, 18), 1, korean(11, 4, 10)),
    ],
)
def test_short_periods_count_working_hours(received: datetime, hours: int, due: datetime) -> None:
    assert deadlines.hours_due_at(received, hours, HOLIDAYS) == due


@pytest.mark.parametrize(
    ("days", "due"),
    [(3, korean(10, 8, 16, 30)), (5, korean(10, 13, 16, 30)), (6, korean(10, 13, 18)), (7, korean(10, 14, 18))],
)
def test_up_to_five_days_are_hours_and_longer_ones_are_days(days: int, due: datetime) -> None:
    assert deadlines.processing_due_at(korean(10, 2, 16, 30), days, HOLIDAYS) == due


@pytest.mark.parametrize(
    ("paused", "due"),
    [
        ([], korean(10, 8, 16, 30)),
        ([(date(2026, 10, 6), date(2026, 10, 7))], korean(10, 13, 16, 30)),  # 9 October is a holiday, 10 a Saturday
        ([(date(2026, 10, 2), date(2026, 10, 6))], korean(10, 12, 18)),  # nothing of the day of receipt counts
    ],
)
def test_a_supplement_takes_its_days_out_of_hours_too(paused: list[deadlines.Span], due: datetime) -> None:
    assert deadlines.processing_due_at(korean(10, 2, 16, 30), 3, HOLIDAYS, paused) == due


@pytest.mark.parametrize(
    ("days", "more", "due"),
    [(7, 0, korean(10, 1, 18)), (7, 7, korean(10, 14, 18)), (3, 0, korean(9, 28, 10)), (3, 3, korean(10, 1, 10))],
)
def test_an_extension_goes_on_counting_where_the_period_ended(days: int, more: int, due: datetime) -> None:
    assert deadlines.processing_due_at(korean(9, 21, 10), days, HOLIDAYS, more=more) == due


def test_a_supplement_that_ends_on_chuseok_rolls_over_to_monday() -> None:
    assert deadlines.supplement_due_on(date(2026, 9, 18), 7, HOLIDAYS) == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("act", "due"),
    [("local", date(2026, 9, 28)), ("national", date(2026, 10, 7)), ("petition", date(2026, 11, 6))],
)
def test_the_act_of_the_money_decides_the_appeal_period(act: str, due: date) -> None:
    assert deadlines.appeal_due_on(date(2026, 9, 7), act, ACTS, HOLIDAYS) == due


@pytest.mark.parametrize(("act", "on"), [("civil", date(2026, 9, 7)), ("national", date(2020, 8, 3))])
def test_without_a_period_in_force_nothing_is_guessed(act: str, on: date) -> None:
    with pytest.raises(NotFound):
        deadlines.appeal_due_on(on, act, ACTS, HOLIDAYS)


def test_a_later_version_of_an_act_takes_over_on_its_day() -> None:
    later = deadlines.ActPeriod("local", "appeal", 30, "개정", date(2026, 12, 1), "가정")
    for on, days in ((date(2026, 11, 30), 20), (date(2026, 12, 1), 30)):
        assert deadlines.period_of([*ACTS, later], "local", "appeal", on).days == days


@pytest.mark.parametrize("length", [0, -1])
def test_a_period_of_nothing_is_refused(length: int) -> None:
    on = date(2026, 11, 2)
    for count in (deadlines.processing_due_on, deadlines.calendar_due_on):
        with pytest.raises(ValueError, match="at least one"):
            count(on, length, HOLIDAYS)
    with pytest.raises(ValueError, match="at least one"):
        deadlines.hours_due_at(korean(11, 2), length, HOLIDAYS)


@given(st.dates(date(2020, 1, 1), date(2027, 6, 1)), st.integers(1, 60))
def test_every_deadline_is_a_working_day_and_a_longer_period_never_ends_earlier(on: date, days: int) -> None:
    for count in (deadlines.processing_due_on, deadlines.calendar_due_on):
        due = count(on, days, HOLIDAYS)
        assert deadlines.is_working_day(due, HOLIDAYS)
        assert due <= count(on, days + 1, HOLIDAYS)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2027, 6, 1)), st.integers(1, 40))  # noqa: DTZ001
def test_working_hours_end_in_office_hours_and_never_before_they_can(naive: datetime, hours: int) -> None:
    at = naive.replace(tzinfo=UTC)
    due = deadlines.hours_due_at(at, hours, HOLIDAYS)
    assert due >= at + timedelta(hours=hours)
    local = due.astimezone(KOREA)
    assert deadlines.is_working_day(local.date(), HOLIDAYS)
    assert any(opens < local.time() <= closes for opens, closes in deadlines.OFFICE_HOURS)


def test_the_holidays_of_2026_and_2027_are_those_of_the_law() -> None:
    def weekdays(year: int) -> str:
        return " ".join(f"{day.month}/{day.day}" for day in sorted(HOLIDAYS) if day.year == year and day.weekday() < 5)

    assert weekdays(2026) == "1/1 2/16 2/17 2/18 3/2 5/1 5/5 5/25 6/3 7/17 8/17 9/24 9/25 10/5 10/9 12/25"
    assert weekdays(2027) == "1/1 2/8 2/9 3/1 5/3 5/5 5/13 7/19 8/16 9/14 9/15 9/16 10/4 10/11 12/27"


@pytest.mark.parametrize(
    ("on", "days", "last"),
    [
        (date(2026, 9, 21), 3, date(2026, 9, 28)),  # over Chuseok and its weekend
        (date(2026, 9, 26), 1, date(2026, 9, 28)),
        (date(2026, 11, 2), 3, date(2026, 11, 5)),
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_three_working_days_from_now_leave_out_weekends_and_holidays(on: date, days: int, last: date) -> None:
    assert deadlines.working_day_after(on, days, HOLIDAYS) == last


def test_a_public_notice_takes_effect_when_five_days_have_passed() -> None:
    days = deadlines.period_of(ACTS, "document", "notice_effect", date(2026, 9, 1)).days
    assert deadlines.notice_effective_on(date(2026, 9, 1), days) == date(2026, 9, 7)
    assert deadlines.notice_effective_on(date(2026, 9, 20), days) == date(2026, 9, 26)  # a Saturday, and no matter


@pytest.mark.parametrize(
    ("on", "due"), [(date(2026, 9, 1), 0), (date(2026, 9, 30), 0), (date(2026, 10, 1), 1), (date(2026, 10, 31), 2)]
)
def test_every_thirty_days_a_notice_says_how_the_case_stands(on: date, due: int) -> None:
    every = deadlines.period_of(ACTS, "petition", "status_notice", on).days
    assert deadlines.status_notices_due(date(2026, 9, 1), on, every) == due


@pytest.mark.parametrize(
    ("starts", "years", "ends"),
    [
        (date(2026, 9, 27), 3, date(2029, 9, 26)),
        (date(2025, 10, 5), 1, date(2026, 10, 4)),  # a Sunday before a substitute holiday: it ends all the same
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
    ],
)
def test_what_restricts_a_right_counts_its_first_day_and_ends_on_a_holiday(
    starts: date, years: int, ends: date
) -> None:
    assert deadlines.restriction_ends_on(starts, years) == ends
