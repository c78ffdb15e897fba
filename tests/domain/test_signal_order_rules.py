"""Every rule of signals about orders: silent just below each of its thresholds, and what it says on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portal.domain import signal_order_rules as rules
from portal.domain.signal_facts import Business, Order, Part

NOON = datetime.fromisoformat("2026-05-10T12:00")  # Korean time, as orders are told
NIGHT = {"from_hour": 2, "until_hour": 6, "orders": 4, "percent": 30}
JUMP = {"months_before": 3, "average_before": 10, "orders": 40, "percent": 300}
ROUND = {"unit": 10_000, "orders": 3, "percent": 60}
RUNS = {"minutes": 10, "length": 3, "runs": 2}
BACK = {"orders": 2, "percent": 20}
SALES = {"won": 1_000_000, "percent": 120}


def business(**more: Any) -> Business:
    about: dict[str, Any] = {"call_opened_on": None, "sales": {}} | more
    return Business(merchant_id=10, person_id=1, opened_on=date(2020, 1, 1), **about)


def order(at: datetime = NOON, amount: int = 17_300, *, platform: str = "baemin", back: bool = False) -> Order:
    return Order(platform, f"{at:%d%H%M}-{amount}", at, amount, back)


def may(orders: Sequence[Order]) -> Mapping[str, Sequence[Order]]:
    return {"2026-05": orders}


@pytest.mark.parametrize(
    ("hours", "by_day", "expected"),
    [
        ([2, 3, 4, 5], 9, [4]),  # 4 of 13 are more than 30 of a hundred
        ([2, 3, 4], 2, []),  # too few
        ([2, 3, 4, 5], 10, []),  # 4 of 14 are 28 of a hundred
        ([1, 6, 2, 3, 4], 0, []),  # one hour is too early, one too late
        ([2, 3, 4, 5, 6, 1], 0, [4]),
    ],
)
def test_orders_at_hours_when_hardly_anybody_is_open(hours: list[int], by_day: int, expected: list[int]) -> None:
    orders = [order(NOON.replace(hour=hour)) for hour in hours] + [order()] * by_day
    assert [each.facts["night"] for each in rules.night_orders(business(), may(orders), NIGHT)] == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((20, 20, 20), 60, [60]),
        ((20, 20, 20), 59, []),
        ((10, 10, 10), 40, [40]),
        ((10, 10, 10), 39, []),  # three times and more, and yet few
        ((9, 10, 10), 200, []),  # hardly any trade before
        ((30, 30, 0), 200, []),  # not there for a month: just joined or away
    ],
)
def test_a_jump_after_the_call(before: tuple[int, int, int], now: int, expected: list[int]) -> None:
    counts = dict(zip(("2026-02", "2026-03", "2026-04"), before, strict=True)) | {"2026-05": now}
    orders = {month: [order()] * number for month, number in counts.items()}
    found = rules.jump(business(call_opened_on=date(2026, 5, 4)), orders, JUMP)
    assert [each.facts["orders"] for each in found] == expected
    assert [each.facts["before"] for each in found] == [list(before)] * len(expected)


def test_a_jump_before_the_call_or_without_one_says_nothing() -> None:
    orders = {month: [order()] * number for month, number in (("2026-02", 20), ("2026-03", 20), ("2026-04", 20))}
    orders["2026-05"] = [order()] * 100
    assert rules.jump(business(call_opened_on=date(2026, 6, 1)), orders, JUMP) == []
    assert rules.jump(business(), orders, JUMP) == []


def test_the_months_before_a_call_in_january_are_of_the_year_before() -> None:
    orders = {month: [order()] * 20 for month in ("2025-10", "2025-11", "2025-12")} | {"2026-01": [order()] * 60}
    assert [each.scope for each in rules.jump(business(call_opened_on=date(2026, 1, 5)), orders, JUMP)] == ["2026-01"]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([10_000, 20_000, 30_000, 17_300, 17_300], [3]),
        ([10_000, 20_000, 17_300], []),  # too few
        ([10_000, 20_000, 30_000, 17_300, 17_300, 17_300], []),  # half of them
        ([10_000, 20_000, 30_001], []),
    ],
)
def test_amounts_that_are_too_round(amounts: list[int], expected: list[int]) -> None:
    orders = [order(amount=amount) for amount in amounts]
    assert [each.facts["round"] for each in rules.round_amounts(business(), may(orders), ROUND)] == expected


def run(day: int, length: int, *, apart: int = 10, amount: int = 17_300, platform: str = "baemin") -> list[Order]:
    begin = NOON.replace(day=day)
    return [order(begin + timedelta(minutes=apart * number), amount, platform=platform) for number in range(length)]


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (run(1, 3) + run(2, 4), [(2, 7, 4)]),
        (run(1, 3) + run(2, 2), []),  # the second run is too short
        (run(1, 3), []),  # one run alone
        (run(1, 3) + run(2, 4, apart=11), []),  # too far apart
        ([*run(1, 3), *run(2, 2), *run(2, 2, amount=9_900)], []),  # two amounts
        ([*run(1, 3), *run(2, 2), *run(2, 2, platform="yogiyo")], []),  # two platforms
        (sorted(run(1, 3) + run(1, 3, amount=9_900), key=lambda each: each.ordered_at), [(2, 6, 3)]),  # interleaved
    ],
)
def test_orders_of_one_amount_one_after_the_other(orders: list[Order], expected: list[tuple[int, int, int]]) -> None:
    found = rules.repeated_orders(business(), may(orders), RUNS)
    assert [(each.facts["runs"], each.facts["orders"], each.facts["longest"]) for each in found] == expected


@pytest.mark.parametrize(
    ("back", "others", "claimed", "expected"),
    [
        (2, 8, "2026-05", [2]),
        (1, 0, "2026-05", []),  # too few
        (2, 9, "2026-05", []),  # 2 of 11
        (2, 8, "2026-04", []),  # nothing is claimed for the month
    ],
)
def test_orders_cancelled_and_then_claimed(back: int, others: int, claimed: str, expected: list[int]) -> None:
    orders = [order(back=True)] * back + [order()] * others
    part = Part(claimed, "baemin", "delivery", "갑", "", 1)
    found = rules.cancelled_then_claimed(business(parts=[part]), may(orders), BACK)
    assert [each.facts["back"] for each in found] == expected
    abroad = Part(claimed, "baemin", "delivery", "갑", "해남군", 1)
    assert rules.cancelled_then_claimed(business(parts=[abroad]), may(orders), BACK) == []


@pytest.mark.parametrize(
    ("stated", "sold", "expected"),
    [
        (5_000_000, 6_000_000, [6_000_000]),
        (5_000_000, 5_999_999, []),  # just under both
        (4_000_000, 4_999_999, []),  # a quarter more, and yet little
        (10_000_000, 11_999_999, []),  # much more, and yet a fifth is not reached
        (0, 1_000_000, [1_000_000]),
        (None, 9_000_000, []),  # nothing was stated for the year
    ],
)
def test_more_sales_than_were_stated(stated: int | None, sold: int, expected: list[int]) -> None:
    about = business(sales={} if stated is None else {2026: stated})
    found = rules.sales_above_stated(about, {"2026-04": [order(amount=1)], **may([order(amount=sold - 1)])}, SALES)
    assert [each.facts["won"] for each in found] == expected
