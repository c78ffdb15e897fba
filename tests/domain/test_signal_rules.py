"""Every rule of signals about the business itself: silent just below its threshold, and what it says on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.domain import signal_rules as rules
from portal.domain.signal_facts import Business, Enrolled, Neighbour, Part, Paying, Shared
from portal.domain.signals import Limits, Rule, Seen

ME, OTHER = 1, 2  # persons
OPENED = date(2026, 4, 1)


def business(**more: Any) -> Business:
    return Business(merchant_id=10, person_id=ME, opened_on=OPENED, call_opened_on=None, sales={}, **more)


def neighbour(number: int, person: int = OTHER, *, ours: bool = True, closed_on: date | None = None) -> Neighbour:
    return Neighbour(number, person, ours, () if ours else ("해남군",), f"가게 {number}" if ours else "", closed_on)


def others(seen: list[Seen]) -> list[list[int]]:
    return [[each["merchant"] for each in found.facts["others"]] for found in seen]


@pytest.mark.parametrize(("rule", "field"), [(rules.same_account, "same_account"), (rules.same_place, "same_place")])
@pytest.mark.parametrize(
    ("persons", "least", "expected"),
    [
        ([OTHER], 1, [[20]]),
        ([OTHER], 2, []),
        ([OTHER, OTHER], 2, [[20, 21]]),
        ([ME], 1, []),  # one's own other business
        ([ME, OTHER], 1, [[21]]),
        ([], 1, []),
    ],
)
def test_what_is_shared_counts_only_with_other_persons(
    rule: Any, field: str, persons: list[int], least: int, expected: list[list[int]]
) -> None:
    found = [neighbour(20 + number, person) for number, person in enumerate(persons)]
    assert others(rule(business(**{field: found}), {"others": least})) == expected


@pytest.mark.parametrize(
    ("shared", "least", "files"),
    [
        ([("a", 20, OTHER)], 1, [1]),
        ([("a", 20, OTHER), ("b", 20, OTHER)], 1, [2]),
        ([("a", 20, OTHER), ("b", 20, OTHER)], 2, []),  # two files, and one other business
        ([("a", 20, OTHER), ("a", 21, OTHER)], 2, [1]),
        ([("a", 20, ME)], 1, []),
    ],
)
def test_the_same_paper_of_another(shared: list[tuple[str, int, int]], least: int, files: list[int]) -> None:
    documents = [Shared(sha, neighbour(number, person)) for sha, number, person in shared]
    found = rules.same_document(business(documents=documents), {"others": least})
    assert [each.facts["files"] for each in found] == files


@pytest.mark.parametrize(
    ("applied", "expected"),
    [
        ([("p", 10)], []),
        ([("p", 10), ("p", 11)], [("p", 1)]),
        ([("p", 10), ("p", 11), ("p", 12)], [("p", 2)]),
        ([("p", 10), ("p", 10)], []),  # the same business again
        ([("p", 10), ("q", 11)], []),  # another programme
        ([("p", 11), ("p", 12)], []),  # this business did not apply there
        ([("p", 10), ("p", 11), ("q", 10), ("q", 11)], [("p", 1), ("q", 1)]),
    ],
)
def test_several_applications_of_one_person(applied: list[tuple[str, int]], expected: list[tuple[str, int]]) -> None:
    applications = [Enrolled(code, f"사업 {code}", number, f"가게 {number}") for code, number in applied]
    found = rules.several_applications(business(applications=applications), {"businesses": 2})
    assert [(each.scope, len(each.facts["others"])) for each in found] == expected


@pytest.mark.parametrize(
    ("closed_on", "days"),
    [
        (OPENED - timedelta(days=181), []),
        (OPENED - timedelta(days=180), [180]),
        (OPENED, [0]),
        (OPENED + timedelta(days=1), []),  # it was open when the other closed
        (None, []),
    ],
)
def test_a_business_where_another_closed_shortly_before(closed_on: date | None, days: list[int]) -> None:
    found = rules.reopened(business(closed_there=[neighbour(20, ME, closed_on=closed_on)]), {"days": 180})
    assert [each.facts["days"] for each in found] == days


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ([date(2026, 5, 31)], []),
        ([date(2026, 6, 1)], [14]),
        ([date(2026, 6, 15)], [0]),
        ([date(2026, 6, 16)], []),  # after the payment
        ([date(2026, 1, 1), date(2026, 6, 10)], [5]),
        ([], []),
    ],
)
def test_an_account_changed_shortly_before_a_payment(changed: list[date], days: list[int]) -> None:
    paid = business(account_changes=changed, payments=[Paying("R1", date(2026, 6, 15))])
    found = rules.account_changed(paid, {"days": 14})
    assert [each.facts["days"] for each in found] == days
    assert [each.scope for each in found] == ["R1"] * len(days)


DELIVERY = ("2026-05", "baemin", "delivery", "갑", 1)


@pytest.mark.parametrize(
    ("other", "scopes"),
    [
        (("2026-05", "baemin", "delivery", "을", 1), ["2026-05 baemin delivery"]),
        (("2026-05", "baemin", "delivery", "을", 0), []),
        (("2026-05", "baemin", "delivery", "갑", 1), []),  # the same programme: another revision
        (("2026-06", "baemin", "delivery", "을", 1), []),
        (("2026-05", "yogiyo", "delivery", "을", 1), []),
        (("2026-05", "baemin", "promotion", "을", 1), []),
    ],
)
def test_one_cost_for_which_two_programmes_pay(other: tuple[str, str, str, str, int], scopes: list[str]) -> None:
    claimed = [Part(month, platform, item, name, "", won) for month, platform, item, name, won in (DELIVERY, other)]
    assert [each.scope for each in rules.paid_twice(business(parts=claimed), {"programmes": 2})] == scopes


def test_what_another_office_pays_is_named_without_its_amount() -> None:
    parts = [
        Part("2026-05", "baemin", "delivery", name, office, 700) for name, office in (("갑", ""), ("을", "해남군"))
    ]
    [found] = rules.paid_twice(business(parts=parts), {"programmes": 2})
    assert found.facts["programmes"] == [
        {"programme": "갑", "office": "", "won": 700},
        {"programme": "을", "office": "해남군", "won": None},
    ]


def test_a_rule_without_thresholds_on_the_day_sees_nothing() -> None:
    shared = business(same_account=[neighbour(20)])
    limits: dict[Rule, Limits] = {Rule.SAME_PLACE: {"others": 1}}
    assert rules.look(shared, {}, limits) == []
    assert [each.rule for each in rules.look(shared, {}, limits | {Rule.SAME_ACCOUNT: {"others": 1}})] == [
        Rule.SAME_ACCOUNT
    ]
