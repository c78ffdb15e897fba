"""What was received already: sums, how far back, and what another office may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.support_history import History, Received, told_to, years_before

OURS, THEIRS = 1, 2
ROW = Received(
    organisation_id=THEIRS,
    organisation="해남군",
    programme="배달수수료 지원",
    year=2025,
    this=True,
    business_number="1248100998",
    trade_name="섬진강 국밥",
    paid=300_000,
    back=100_000,
    promised=50_000,
    last_on=date(2025, 12, 30),
    application_id=77,
)


def test_another_office_sees_who_paid_how_much_in_which_year_and_no_more() -> None:
    told = told_to(ROW, OURS)
    assert (told.organisation, told.programme, told.year, told.kept) == ("해남군", "배달수수료 지원", 2025, 200_000)
    assert (told.application_id, told.last_on, told.business_number) == (None, None, "1248100998")
    other = told_to(replace(ROW, this=False), OURS)
    assert (other.trade_name, other.business_number) == ("", "12481*****")
    assert told_to(ROW, THEIRS) == ROW


def test_sums_are_of_the_business_and_of_its_owner() -> None:
    history = History(date(2021, 6, 15), [ROW, replace(ROW, this=False, paid=40_000, back=0, promised=0)])
    assert (history.kept_here, history.kept_by_owner, history.promised) == (200_000, 240_000, 50_000)


@pytest.mark.parametrize(
    ("on", "years", "since"),
    [
        (date(2026, 6, 15), 5, date(2021, 6, 15)),
        (date(2028, 2, 29), 5, date(2023, 3, 1)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
    ],
)
def test_five_years_back_is_the_same_day(on: date, years: int, since: date) -> None:
    assert years_before(on, years) == since
