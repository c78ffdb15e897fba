"""How often one may ask for a supplement, how often its time is extended, and when an application may be returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from portal.domain import supplements as rules
from portal.domain.errors import Incomplete, InvalidTransition
from portal.domain.supplements import ExtendSupplement

DUE = date(2026, 9, 28)
BEFORE, AFTER = date(2026, 9, 28), date(2026, 9, 29)
COMMAND = ExtendSupplement(7, "세무서 서류가 늦게 나옵니다.")


@dataclass(frozen=True)
class Asked:
    answered: bool = False
    due_on: date = DUE


@pytest.mark.parametrize(
    ("requests", "on", "withheld"),
    [
        ([], BEFORE, {"request_again", "return"}),
        ([Asked()], BEFORE, {"request_again", "return"}),
        ([Asked()], AFTER, {"return"}),
        ([Asked(True)], AFTER, {"request_again", "return"}),
        ([Asked(True), Asked()], BEFORE, {"request_supplement", "request_again", "return"}),
        ([Asked(True), Asked()], AFTER, {"request_supplement", "request_again"}),
        ([Asked(), Asked(True)], BEFORE, {"request_supplement", "request_again"}),
    ],
)
def test_two_requests_at_most_and_only_then_the_return(requests: list[Asked], on: date, withheld: set[str]) -> None:
    assert rules.withheld(requests, on) == withheld


def test_a_request_waits_for_the_end_of_the_one_before_and_there_is_no_third() -> None:
    rules.refuse_request([], BEFORE)
    rules.refuse_request([Asked()], AFTER)
    for requests, on, code in (
        ([Asked()], BEFORE, "supplement_still_running"),
        ([Asked(True), Asked(True)], AFTER, "supplement_asked_twice"),
    ):
        with pytest.raises(InvalidTransition) as refused:
            rules.refuse_request(requests, on)
        assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("requests", "extensions", "on", "code"),
    [
        ([Asked()], 2, BEFORE, "supplement_extended_enough"),
        ([Asked()], 0, AFTER, "supplement_extension_late"),
        ([Asked(), Asked()], 0, BEFORE, "supplement_again_not_extended"),
    ],
)
def test_time_is_extended_twice_in_time_and_for_the_first_request_only(
    requests: list[Asked], extensions: int, on: date, code: str
) -> None:
    rules.refuse_extension([Asked()], 1, BEFORE, most=2, command=COMMAND, longest=30)
    with pytest.raises(InvalidTransition) as refused:
        rules.refuse_extension(requests, extensions, on, most=2, command=COMMAND, longest=30)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(0, "서류가 늦습니다.", "days"), (31, "서류가 늦습니다.", "days"), (7, " ", "reason")]
)
def test_an_extension_says_how_long_and_why(days: int, reason: str, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        rules.refuse_extension([Asked()], 0, BEFORE, most=2, command=ExtendSupplement(days, reason), longest=30)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(("on", "late"), [(BEFORE, 0), (AFTER, 1), (date(2026, 10, 8), 10)])
def test_days_after_the_last_day_are_counted(on: date, late: int) -> None:
    assert rules.days_late(Asked(), on) == late
