"""Worlds made to collide: few merchants, few moments, orders told twice and thrice, dates at the edges of periods."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from portal.domain.settlements import CHANNELS, PAYMENT_METHODS
from portal.domain.terms import LARGEST_WON
from tests.assessment.cast import Cast, cast
from tests.assessment.programmes import programmes

SMALL = (0, 1, 3, 999, 1000, 1001, 3333, 3333, 7777)
SEQUENCES = (-(2**63), -1, 0, 1, 2, 9, 10, 2**53, 2**53 + 1, 2**63 - 1)  # text order, float and sign would show
COSTS = ("delivery_fee", "delivery_support", "promotion_cost", "promotion_support")
CHANGING = ("store_id", "ordered_at", "origin_key", "status", "channel", "payment_method", "order_amount", *COSTS)


@dataclass
class World:
    """Terms as TOML values, the other inputs as rows; `until` where only the orders before a moment are assessed."""

    terms: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    links: list[dict[str, Any]]
    enrolments: list[dict[str, Any]]
    until: datetime | None = None
    name: str = field(default="", compare=False)


def world(random: Random, *, orders: int | None = None) -> World:
    """A random world; the same for the same state of `random`. Merchants grow with the orders, one for about twenty."""
    orders = random.randint(20, 160) if orders is None else orders
    many = orders > 500
    people = cast(random, merchants=max(3, orders // (20 if many else 30)), crowded=many)
    # one in eight with amounts so large that the sum of all of them is just within int64 e4
    scale = max(1, LARGEST_WON // (80_000 * orders)) if random.random() < 0.12 else 1
    terms = programmes(random, people, scale, rich=many)
    lines = _lines(random, people, orders, scale)
    until = f"{random.choice(people.days)} {random.choice(people.clocks)}" if random.random() < 0.15 else None
    return World(
        terms,
        lines,
        _links(random, people),
        _enrolments(random, people, [one["code"] for one in terms]),
        datetime.fromisoformat(until) if until else None,
    )


def dense(random: Random, *, orders: int = 2_500) -> World:
    """Thousands of lines of hundreds of merchants, spread over two years and crowded on its edges."""
    return world(random, orders=orders)


def _lines(random: Random, people: Cast, orders: int, scale: int) -> list[dict[str, Any]]:
    stated: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number in range(orders):
        line = _line(random, people, f"{random.choice(people.prefixes)}{number}", scale)
        if stated and random.random() < 0.25:
            _told_again(random, line, random.choice(list(stated.values())[-40:])[-1])
        place = line["platform"], line["order_no"]
        if place not in stated:
            stated[place] = [line]
    for statements in stated.values():
        while len(statements) < 4 and random.random() < 0.1:
            other = _line(random, people, "", scale)
            changed = random.sample(CHANGING, random.choice((1, 1, 2, len(CHANGING))))
            statements.append(statements[-1] | {name: other[name] for name in changed})
        wide = random.random() < 0.3
        numbers = random.sample(SEQUENCES if wide else range(len(statements) + 2), len(statements))
        for seq, statement in zip(numbers, statements, strict=True):
            statement["received_seq"] = seq
    lines = [_bounded(line, 10_000 * scale) for statements in stated.values() for line in statements]
    return random.sample(lines, len(lines))


def _bounded(line: dict[str, Any], most: int) -> dict[str, Any]:
    """No cost after support is so large that sums would not fit."""
    for cost, support in (COSTS[:2], COSTS[2:]):
        if not -LARGEST_WON <= line[cost] - line[support] <= most:
            line[support] = line[cost]
    return line


def _told_again(random: Random, line: dict[str, Any], other: dict[str, Any]) -> None:
    """The line is about the order of the other: both alike in some of what decides who is paid."""
    own = f"{other['platform']}:{other['order_no']}"
    line["origin_key"] = (other["origin_key"] or own) if random.random() < 0.8 else own  # else a chain of two keys
    for name in (*COSTS, "ordered_at", "store_id"):
        if random.random() < 0.6:
            line[name] = other[name]
    if random.random() < 0.4:
        line["order_no"] = other["order_no"]
    if (line["platform"], other["platform"]) == ("yo", "yo:gi"):  # yo + gi:1 and yo:gi + 1 are one key
        line["order_no"], line["origin_key"] = "gi:" + other["order_no"], ""


def _line(random: Random, people: Cast, order_no: str, scale: int) -> dict[str, Any]:
    line = {
        "received_seq": 0,
        "platform": random.choice(people.platforms),
        "store_id": random.choice(people.stores),
        "order_no": order_no,
        "origin_key": random.choice(("gi:1", "nobody:1")) if random.random() < 0.02 else "",
        "channel": random.choice(CHANNELS[:3]),
        "ordered_at": datetime.fromisoformat(f"{random.choice(people.days)} {random.choice(people.clocks)}"),
        "status": "cancelled" if random.random() < 0.03 else "completed",
        "payment_method": random.choice(PAYMENT_METHODS),
        "order_amount": random.choice((0, 999, 1000, 1001, 50_000, 50_000)),
        "delivery_fee": random.choice(SMALL) * scale,
        "delivery_support": random.choice((0, 0, 0, 0, 1, 999, -1)) * scale,
        "promotion_cost": random.choice(SMALL) * scale,
        "promotion_support": random.choice((0, 0, 0, 1, 3333)) * scale,
        "brokerage_fee": 0,
        "payment_fee": 0,
    }
    if random.random() < 0.02:  # the largest and smallest cells that fit, where they cancel out or do not count
        line |= random.choice(
            (
                {"delivery_fee": LARGEST_WON, "delivery_support": LARGEST_WON},
                {"promotion_cost": LARGEST_WON, "promotion_support": LARGEST_WON - 1},
                {"promotion_cost": -LARGEST_WON, "delivery_fee": -LARGEST_WON},
                {"order_amount": LARGEST_WON, "brokerage_fee": LARGEST_WON},
                {"order_amount": -LARGEST_WON, "payment_fee": -LARGEST_WON},
            )
        )
    return line


def _links(random: Random, people: Cast) -> list[dict[str, Any]]:
    """Each store is somebody's for a while; the next follows on the next day, or after a gap, or nobody does."""
    links = []
    for platform in people.platforms:
        for store in people.stores:
            turns = sorted(random.sample(people.days, random.choice((0, 1, 1, 2, min(3, len(people.days))))))
            start: date | None = people.days[0] if random.random() < 0.9 else random.choice(people.days)
            for last in [*turns, None]:
                if start is None or (last is not None and last < start):
                    continue
                if random.random() < 0.97:
                    links.append(
                        {
                            "platform": platform,
                            "store_id": store,
                            "merchant_id": random.choice(people.merchants),
                            "valid_from": start,
                            "valid_to": last,
                        }
                    )
                start = last and last + timedelta(days=random.choice((1, 1, 1, 2)))
    return links


def _enrolments(random: Random, people: Cast, codes: list[str]) -> list[dict[str, Any]]:
    """Seats that open and end on the days of orders; some merchants have several, accepted at one moment or not."""
    return [
        {
            "programme": code,
            "merchant_id": merchant,
            "owner_id": random.choice(people.owners),
            "enrolled_from": first,
            "enrolled_to": last,
            "accepted_at": datetime.fromisoformat(random.choice(people.acceptances)),
        }
        for code in codes
        for merchant in people.merchants
        for first, last in _periods(random, people.days)
    ]


def _periods(random: Random, days: list[date]) -> list[tuple[date | None, date | None]]:
    found = []
    for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3))):
        first, last = (random.choice((None, None, None, random.choice(days))) for _ in range(2))
        found.append((first, last if first is None or last is None or first <= last else first))
    return found
