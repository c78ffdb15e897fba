"""A town of three merchants and one programme, in which every scenario takes place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.assessment import assess
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.terms import Terms, parse_terms
from tests.assessment.assessing import decided
from tests.assessment.files import toml, write_csv

WINDOW = {"from": date(2026, 3, 1), "to": date(2026, 11, 30)}
HALF = {"kind": "cost_share", "rate": "0.50", "legal": "제4조제1항"}
LINKS = [
    LinkPeriod("baemin", "s1", "m1", date(2026, 1, 1), date(2026, 9, 30)),
    LinkPeriod("barogo", "b1", "m1", date(2026, 1, 1), None),
    LinkPeriod("baemin", "s2", "m2", date(2026, 1, 1), None),
    LinkPeriod("baemin", "s3", "m3", date(2026, 1, 1), None),
]
SEATS = [
    Enrolment("p", "m1", "w1", date(2026, 2, 1), date(2026, 12, 31), datetime.fromisoformat("2026-02-02 09:00")),
    Enrolment("p", "m2", "w1", None, None, datetime.fromisoformat("2026-02-01 09:00")),
]


def terms(items: list[dict[str, Any]], **values: Any) -> Terms:
    return parse_terms(toml({"code": "p", "priority": 1, "cost_window": WINDOW, "item": items, **values}))


def line(order_no: str, at: str, **values: Any) -> dict[str, Any]:
    """A completed delivery of store s1 at 3,333 won, unless said otherwise."""
    return {
        "received_seq": int("".join(filter(str.isdigit, order_no)) or 0),
        "platform": "baemin",
        "store_id": "s1",
        "order_no": order_no,
        "origin_key": "",
        "channel": "delivery",
        "ordered_at": f"2026-{at} 12:00:00",
        "status": "completed",
        "payment_method": "card",
        "order_amount": 20_000,
        "delivery_fee": 3_333,
        "delivery_support": 0,
        "promotion_cost": 0,
        "promotion_support": 0,
        "brokerage_fee": 0,
        "payment_fee": 0,
        **values,
    }


def delivery(**values: Any) -> dict[str, Any]:
    return {"code": "delivery", "basis": "merchant_delivery_cost", "amount": HALF, **values}


def run(
    folder: Path, programme: list[Terms], lines: list[dict[str, Any]], **options: Any
) -> dict[Any, tuple[int, str]]:
    """{(order_no, item): (e4, reason)}; received_seq too where an order has several statements."""
    path = write_csv(folder / "lines.csv", lines)
    with assess(programme, lines=[path], links=LINKS, enrolments=SEATS, **options) as assessment:
        assessment.write_lines(folder / "decided.parquet")
    found = decided(folder / "decided.parquet")
    return {(order_no, item): (e4, reason) for (_, order_no, _, item), (_, _, e4, reason) in found.items()}
