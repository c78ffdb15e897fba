"""Small worlds made to collide: few merchants, few moments, caps and pools that bind, dates at the edges of periods."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from portal.domain.settlements import CHANNELS, PAYMENT_METHODS

PLATFORMS = ("baemin", "barogo", "yo:gi")
EDGES = (
    date(2028, 2, 28),
    date(2028, 2, 29),
    date(2028, 3, 1),
    date(2028, 6, 30),
    date(2028, 7, 1),
    date(2028, 12, 31),
    date(2029, 1, 1),
)
CLOCKS = ("00:00:00", "09:30:00", "09:30:00.000001", "23:59:59")
SMALL = (0, 1, 3, 999, 1000, 1001, 3333, 3333, 7777)


@dataclass
class World:
    """Terms as TOML values, the other inputs as rows."""

    terms: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    links: list[dict[str, Any]]
    enrolments: list[dict[str, Any]]


def world(random: Random, *, orders: int = 120) -> World:
    """A random world; the same for the same state of `random`."""
    programmes = random.randint(1, 3)
    terms = [_terms(random, code) for code in ("alpha", "beta", "gamma")[:programmes]]
    merchants = [f"m{number}" for number in range(4)]
    return World(terms, _lines(random, orders), _links(random, merchants), _enrolments(random, terms, merchants))


def _terms(random: Random, code: str) -> dict[str, Any]:
    start = random.choice((date(2028, 1, 1), date(2028, 2, 29), date(2028, 2, 29)))
    terms: dict[str, Any] = {
        "code": code,
        "priority": random.choice((1, 1, 2)),
        "legal_basis": "공고",
        "cost_window": {"from": start, "to": random.choice((date(2028, 12, 31), date(2029, 1, 1), date(2029, 6, 1)))},
        "round_down_to": random.choice((1, 10, 100)),
        "item": [
            _item(random, name) for name in random.sample(("delivery", "promotion", "start"), random.randint(1, 3))
        ],
        "pool": [_pool(random) for _ in range(random.choice((0, 0, 1, 2)))],
    }
    if random.random() < 0.3:
        terms["platforms"] = random.sample(PLATFORMS, 2)
    return terms


def _item(random: Random, code: str) -> dict[str, Any]:
    pers = ("order", "day", "month", "half_year", "year", "programme", "owner")
    item: dict[str, Any] = {
        "code": code,
        "basis": random.choice(("merchant_delivery_cost", "merchant_promotion_cost")),
        "amount": _amount(random),
        "caps": [
            {
                "per": per,
                "amount": random.choice((0, 1, 999, 1000, 1001, 2500, 4000, 9000, 9000, 20_000)),
                "legal": f"{per} cap",
            }
            for per in random.choices(pers, k=random.randint(0, 3))
        ],
    }
    if random.random() < 0.4:
        item["channels"] = random.sample(CHANNELS[:3], 2)
    if random.random() < 0.5:
        item["min_order_amount"] = random.choice((0, 999, 1000))
    return item


def _amount(random: Random) -> dict[str, Any]:
    attribute = random.choice(("payment_method", "channel", "platform"))
    values = {"payment_method": PAYMENT_METHODS, "channel": CHANNELS[:3], "platform": PLATFORMS}[attribute]
    flat = random.choice((0, 1, 700, 1000))
    return random.choice(
        (
            {"kind": "cost_share", "rate": random.choice(("0", "0.0001", "0.3333", "0.50", "0.8", "1", "1.0000"))},
            {"kind": "cost_share", "rate": random.choice(("0.3333", "0.50", "0.1234"))},
            {"kind": "flat", "amount": flat},
            {"kind": "cost_up_to", "amount": random.choice((1, 999, 1000, 2000))},
            {
                "kind": "flat_by",
                "attribute": attribute,
                "amounts": {value: random.choice((0, 300, 1000)) for value in random.sample(values, 2)},
                "default": random.choice((0, 500)),
            },
            {"kind": "one_off", "amount": flat},
        )
    )


def _pool(random: Random) -> dict[str, Any]:
    return {
        "per": random.choice(("programme", "year", "month", "day")),
        "amount": random.choice((0, 1, 1500, 5000, 20_000, 50_000, 1_000_000)),
        "order_by": random.choice(("ordered_at", "accepted_at")),
        "legal": "pool",
    }


def _lines(random: Random, orders: int) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for number in range(orders):
        line = _line(random, f"o{number}")
        if lines and random.random() < 0.2:  # an agency tells of an order too
            other = random.choice(lines)
            line["origin_key"] = f"{other['platform']}:{other['order_no']}"
            line["ordered_at"] = random.choice((other["ordered_at"], line["ordered_at"]))
        lines.append(line)
        if random.random() < 0.08:  # a later statement about it
            later = _line(random, line["order_no"])
            later["platform"] = line["platform"]
            lines.append(random.choice((later, {**line, "status": "cancelled"}, {**line, "delivery_fee": 1000})))
    for seq, line in enumerate(random.sample(lines, len(lines))):
        line["received_seq"] = seq
    return lines


def _line(random: Random, order_no: str) -> dict[str, Any]:
    day = random.choice(EDGES) + timedelta(days=random.choice((0, 0, 0, 1)))
    fee, support = random.choice(SMALL), random.choice((0, 0, 0, 1, 999))
    return {
        "received_seq": 0,
        "platform": random.choice(PLATFORMS),
        "store_id": random.choice(("s0", "s1", "s2", "s3")),
        "order_no": order_no,
        "origin_key": random.choice(("", "", "", "", "gi:o1")) if random.random() < 0.1 else "",
        "channel": random.choice(CHANNELS[:3]),
        "ordered_at": datetime.fromisoformat(f"{day} {random.choice(CLOCKS)}"),
        "status": "cancelled" if random.random() < 0.02 else "completed",
        "payment_method": random.choice(PAYMENT_METHODS),
        "order_amount": random.choice((0, 999, 1000, 1001, 50_000, 50_000)),
        "delivery_fee": fee,
        "delivery_support": support,
        "promotion_cost": random.choice(SMALL),
        "promotion_support": random.choice((0, 0, 1, 3333)),
        "brokerage_fee": 0,
        "payment_fee": 0,
    }


def _links(random: Random, merchants: list[str]) -> list[dict[str, Any]]:
    links = []
    for platform in PLATFORMS:
        for store in ("s0", "s1", "s2", "s3"):
            start = date(2028, 1, 1)
            for merchant in random.sample(merchants, random.choice((0, 2, 3, 3, 3, 3))):
                end = random.choice((date(2028, 2, 29), date(2028, 6, 30), date(2028, 7, 1), None, None))
                if start is None or (end is not None and end < start):
                    break
                links.append(
                    {
                        "platform": platform,
                        "store_id": store,
                        "merchant_id": merchant,
                        "valid_from": start,
                        "valid_to": end,
                    }
                )
                start = end and end + timedelta(days=random.choice((1, 1, 2)))
    return links


def _enrolments(random: Random, terms: list[dict[str, Any]], merchants: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "programme": one["code"],
            "merchant_id": merchant,
            "owner_id": random.choice(("w0", "w1")),
            "enrolled_from": random.choice((None, date(2028, 2, 29))),
            "enrolled_to": random.choice((None, date(2028, 12, 31))),
            "accepted_at": datetime.fromisoformat(f"2028-01-0{random.choice((1, 1, 2))} 09:00:00"),
        }
        for one in terms
        for merchant in merchants
        for _ in range(random.choice((0, 1, 1, 1, 1, 2)))
    ]


def toml(values: dict[str, Any]) -> str:
    """The values as a TOML file."""
    tables = {"item", "pool"}
    text = [f"{name} = {_inline(value)}" for name, value in values.items() if name not in tables]
    for name in sorted(tables & values.keys()):
        for table in values[name]:
            text += [f"[[{name}]]", *(f"{inner} = {_inline(value)}" for inner, value in table.items())]
    return "\n".join(text) + "\n"


def write_csv(path: Path, rows: list[dict[str, Any]], columns: list[str] | None = None) -> Path:
    """The rows as a CSV file with a header, None as an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{name}" = {_inline(inner)}' for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
