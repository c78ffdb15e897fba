"""One line of settlement data as an example: for the template that platforms' people fill in.

It is of a month long past, so that one forgotten in a file goes back as a row of another month.
"""

from __future__ import annotations

from collections.abc import Mapping

PERIOD = "2020-01"
EXAMPLE: Mapping[str, str] = {
    "platform": "",
    "store_id": "S-1024",
    "order_no": "20200103-000123",
    "origin_key": "",
    "channel": "delivery",
    "ordered_at": f"{PERIOD}-03 12:30:00",
    "status": "completed",
    "payment_method": "card",
    "order_amount": "20000",
    "delivery_fee": "3000",
    "delivery_support": "0",
    "promotion_cost": "0",
    "promotion_support": "0",
    "brokerage_fee": "1500",
    "payment_fee": "500",
}
