"""Random terms: every kind, cap and pool, several of each in any order, programmes that compete for the same items."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from portal.domain.settlements import CHANNELS, PAYMENT_METHODS
from portal.domain.terms import LARGEST_WON
from tests.assessment.cast import Cast, names

CAPS = ("order", "day", "month", "half_year", "year", "programme", "owner")
POOLS = ("programme", "year", "month", "day")
RATES = ("0", "0.0001", "0.1234", "0.3333", "0.3333", "0.50", "0.50", "0.8", "0.9999", "1", "1.0000")
LIMITS = (0, 1, 999, 1000, 1001, 2500, 4000, 9000, 9000, 20_000)
BUDGETS = (0, 1, 1500, 5000, 20_000, 50_000, 200_000, 1_000_000)


def programmes(random: Random, people: Cast, scale: int, *, rich: bool) -> list[dict[str, Any]]:
    """One to four terms as TOML values, `rich` ones at least three. `scale` multiplies every amount."""
    items = names(random, 3 if rich else random.choice((1, 2, 3)))
    codes = names(random, random.choice((3, 4) if rich else (1, 2, 2, 3, 4)))
    return [_terms(random, people, code, items, scale) for code in random.sample(codes, len(codes))]


def _terms(random: Random, people: Cast, code: str, items: list[str], scale: int) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "code": code,
        "priority": random.choice((1, 1, 2, -1)),
        "legal_basis": "공고",
        "cost_window": _window(random, people.days),
        "item": [
            _item(random, people, name, scale)
            for name in random.sample(items, random.choice((len(items), len(items), 1)))
        ],
        "pool": [_pool(random, scale) for _ in range(random.choice((0, 0, 1, 1, 2, 3)))],
    }
    if random.random() < 0.8:
        terms["round_down_to"] = random.choice((1, 7, 10, 100, LARGEST_WON))
    if random.random() < 0.3:
        terms["platforms"] = random.sample(people.platforms, len(people.platforms) - 1)
    return terms


def _window(random: Random, days: list[date]) -> dict[str, date]:
    """Often whole years, else from one day of orders to another."""
    if random.random() < 0.6:
        return {"from": date(2027, 1, 1), "to": date(2029, 12, 31)}
    first, last = sorted((random.choice(days), random.choice(days)))
    return {"from": first, "to": last}


def _item(random: Random, people: Cast, code: str, scale: int) -> dict[str, Any]:
    item: dict[str, Any] = {
        "code": code,
        "basis": random.choice(("merchant_delivery_cost", "merchant_promotion_cost")),
        "amount": _amount(random, people, scale),
        "caps": [
            {"per": per, "amount": random.choice(LIMITS) * scale, "legal": f"{per} {place}"}
            for place, per in enumerate(random.choices(CAPS, k=random.choice((0, 1, 1, 2, 3, 4))))
        ],
    }
    if random.random() < 0.3:
        item["channels"] = random.sample(CHANNELS[:3], 2)
    if random.random() < 0.5:
        item["min_order_amount"] = random.choice((0, 999, 1000, 1001))
    return item


def _amount(random: Random, people: Cast, scale: int) -> dict[str, Any]:
    attribute = random.choice(("payment_method", "channel", "platform"))
    values = {"payment_method": PAYMENT_METHODS, "channel": CHANNELS[:3], "platform": people.platforms}[attribute]
    flat = random.choice((0, 1, 700, 1000)) * scale
    by: dict[str, Any] = {
        "kind": "flat_by",
        "attribute": attribute,
        "amounts": {value: random.choice((0, 300, 1000)) * scale for value in random.sample(values, 2)},
    }
    if random.random() < 0.7:
        by["default"] = random.choice((0, 500)) * scale
    return random.choice(
        (
            {"kind": "cost_share", "rate": random.choice(RATES)},
            {"kind": "cost_share", "rate": random.choice(RATES)},
            {"kind": "flat", "amount": flat},
            {"kind": "cost_up_to", "amount": random.choice((0, 1, 999, 1000, 2000)) * scale},
            by,
            {"kind": "one_off", "amount": flat},
        )
    ) | {"legal": "amount"}


def _pool(random: Random, scale: int) -> dict[str, Any]:
    return {
        "per": random.choice(POOLS),
        "amount": random.choice(BUDGETS) * scale,
        "order_by": random.choice(("ordered_at", "accepted_at")),
        "legal": "pool",
    }
