"""The office's time is extended once of its own accord and once with consent; holidays are changed with a reason."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain import extensions, holidays
from portal.domain.errors import Incomplete, InvalidTransition
from portal.domain.extensions import ExtendProcessing
from portal.domain.holidays import ChangeKind, ProposeHoliday

DUE, REASON = date(2026, 10, 1), "현지 확인이 더 필요합니다."
TABLE = {date(2026, 9, 25): "추석"}


def test_once_alone_and_once_more_with_consent() -> None:
    assert [extensions.next_number(already, False, DUE, DUE) for already in (0, 1)] == [1, 2]


@pytest.mark.parametrize(
    ("in_force", "asked", "on", "code"),
    [
        (2, False, DUE, "extended_twice"),
        (1, True, DUE, "extension_waits_for_consent"),
        (0, False, date(2026, 10, 2), "extension_too_late"),
    ],
)
def test_never_a_third_time_nor_while_consent_waits_nor_too_late(
    in_force: int, asked: bool, on: date, code: str
) -> None:
    with pytest.raises(InvalidTransition) as refused:
        extensions.next_number(in_force, asked, DUE, on)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(0, REASON, "days"), (15, REASON, "days"), (5, "바빠서", "reason")]
)
def test_at_most_the_original_period_again_and_with_a_reason(days: int, reason: str, field: str) -> None:
    extensions.check(ExtendProcessing(14, REASON), 14)
    with pytest.raises(Incomplete) as refused:
        extensions.check(ExtendProcessing(days, reason), 14)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_the_table_of_holidays_follows_its_changes_in_order() -> None:
    new, old = date(2026, 9, 30), date(2026, 9, 25)
    changes = [(ChangeKind.ADD, new, "임시공휴일"), (ChangeKind.REMOVE, old, "")]
    assert holidays.observed(TABLE, changes) == {new: "임시공휴일"}
    assert holidays.observed(TABLE, [*changes, (ChangeKind.REMOVE, new, "")]) == {}


@pytest.mark.parametrize(
    ("kind", "on", "name", "reason", "fields"),
    [
        (ChangeKind.ADD, date(2026, 9, 25), "추석", "고시", ["on"]),
        (ChangeKind.ADD, date(2026, 9, 30), " ", " ", ["name", "reason"]),
        (ChangeKind.REMOVE, date(2026, 9, 30), "", "고시", ["on"]),
    ],
)
def test_a_change_that_changes_nothing_or_says_nothing_is_refused(
    kind: ChangeKind, on: date, name: str, reason: str, fields: list[str]
) -> None:
    holidays.check(ProposeHoliday(ChangeKind.ADD, date(2026, 9, 30), "임시공휴일", "정부 발표"), TABLE)
    with pytest.raises(Incomplete) as refused:
        holidays.check(ProposeHoliday(kind, on, name, reason), TABLE)
    assert [problem.field for problem in refused.value.problems] == fields
