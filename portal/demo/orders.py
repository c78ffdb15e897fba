"""Half a year of settlement data of the demo's platforms, as CSV files in the canonical columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from portal.domain.periods import Month, first_day, last_day
from portal.domain.settlements import COLUMNS

NAMES = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class PlatformHabit:
    """How a platform's lines look. `share`: of a shop's orders; `joined`: probability that a shop uses it."""

    code: str
    prefix: str
    channel: str
    joined: float
    share: float
    brokerage_permille: int


HABITS = (
    PlatformHabit("baemin", "BM", "delivery", 0.85, 0.50, 68),
    PlatformHabit("yogiyo", "YG", "delivery", 0.35, 0.20, 97),
    PlatformHabit("ttaengyo", "TT", "delivery", 0.25, 0.10, 20),
    PlatformHabit("meokkaebi", "MK", "delivery", 0.40, 0.15, 15),
    PlatformHabit("barogo", "BR", "delivery", 0.35, 0.12, 0),
    PlatformHabit("kakao-channel", "KC", "coupon", 0.30, 0.15, 0),
)
AGENCY = "barogo"


@dataclass(frozen=True, slots=True)
class Store:
    """A shop's store at a platform; unlinked ones belong to nobody the portal knows."""

    platform: str
    store_id: str
    orders: int


@dataclass(frozen=True, slots=True)
class Order:
    platform: str
    store_id: str
    order_no: str
    origin_key: str
    channel: str
    ordered_at: datetime
    status: str
    payment_method: str
    order_amount: int
    delivery_fee: int
    delivery_support: int
    promotion_cost: int
    promotion_support: int
    brokerage_fee: int
    payment_fee: int


def stores_of(shop_number: int, orders: int, random: Random) -> list[Store]:
    """The stores of one shop; every shop has at least one."""
    joined = [habit for habit in HABITS if random.random() < habit.joined] or [HABITS[0]]
    return [
        Store(habit.code, f"{habit.prefix}{100000 + shop_number * 7}", max(2, round(orders * habit.share * 1.4)))
        for habit in joined
    ]


def month_of_orders(stores: Sequence[Store], month: Month, random: Random) -> dict[str, list[Order]]:
    """Platform -> its orders of the month. A part of the deliveries is reported again by the agency."""
    by_platform: dict[str, list[Order]] = {habit.code: [] for habit in HABITS}
    number = 0
    for store in stores:
        for _ in range(max(1, round(store.orders * random.uniform(0.7, 1.3)))):
            number += 1
            by_platform[store.platform].append(_order(store, month, number, random))
    by_platform[AGENCY] += _reported_again(by_platform["baemin"], stores, random)
    return by_platform


def as_csv(orders: Sequence[Order]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(NAMES)
    for order in orders:
        writer.writerow([_cell(getattr(order, name)) for name in NAMES])
    return out.getvalue().encode()


def spoilt(content: bytes, random: Random, rows: int) -> bytes:
    """The file with a few cells no reader can take, as real deliveries have them."""
    lines = content.decode().split("\r\n")
    for index in random.sample(range(1, len(lines) - 1), min(rows, len(lines) - 2)):
        cells = lines[index].split(",")
        cells[random.choice((8, 9))] = random.choice(("", "12,000원".replace(",", "."), "-500", "무료"))
        lines[index] = ",".join(cells)
    return "\r\n".join(lines).encode()


def cancelled_later(orders: Sequence[Order], random: Random, count: int) -> list[Order]:
    """A later statement about some orders: they were cancelled after all."""
    chosen = random.sample(list(orders), min(count, len(orders)))
    return [replace(order, status="cancelled", order_amount=0) for order in chosen]


def _order(store: Store, month: Month, number: int, random: Random) -> Order:
    habit = next(habit for habit in HABITS if habit.code == store.platform)
    amount = random.randrange(12_000, 48_000, 500)
    delivers = habit.channel == "delivery"
    fee = random.randrange(1900, 3500, 100) if delivers else 0
    promotes = not delivers or random.random() < 0.25
    cost = (random.randrange(500, 3100, 100) if delivers else random.randrange(100, 900, 50)) if promotes else 0
    return Order(
        platform=store.platform,
        store_id=store.store_id,
        order_no=f"{habit.prefix}{month.replace('-', '')}{number:06d}",
        origin_key="",
        channel=habit.channel,
        ordered_at=_moment(month, random),
        status="cancelled" if random.random() < 0.03 else "completed",
        payment_method=random.choices(("card", "local_currency", "easy_pay", "cash"), (55, 15, 25, 5))[0],
        order_amount=amount,
        delivery_fee=fee,
        delivery_support=random.choice((0, 0, 0, 500, 1000)) if fee else 0,
        promotion_cost=cost,
        promotion_support=cost // 200 * 100 if cost and random.random() < 0.3 else 0,
        brokerage_fee=amount * habit.brokerage_permille // 1000,
        payment_fee=amount * 24 // 1000,
    )


def _reported_again(orders: Sequence[Order], stores: Sequence[Store], random: Random) -> list[Order]:
    """What the delivery agency says about orders that a platform reports too: same order, its own fee."""
    agency_stores = {store.store_id[2:]: store.store_id for store in stores if store.platform == AGENCY}
    again = []
    for order in orders:
        store_id = agency_stores.get(order.store_id[2:])
        if store_id and random.random() < 0.25:
            again.append(
                replace(
                    order,
                    platform=AGENCY,
                    store_id=store_id,
                    order_no=f"BRX{order.order_no[2:]}",
                    origin_key=f"{order.platform}:{order.order_no}",
                    delivery_fee=order.delivery_fee + random.choice((-200, 0, 300)),
                    delivery_support=0,
                    promotion_cost=0,
                    promotion_support=0,
                    brokerage_fee=0,
                    payment_fee=0,
                )
            )
    return again


def _moment(month: Month, random: Random) -> datetime:
    start, end = first_day(month), last_day(month)
    day = start + timedelta(days=random.randrange((end - start).days + 1))
    hour = random.choices(range(10, 23), (2, 6, 8, 4, 2, 2, 3, 8, 10, 8, 5, 3, 1))[0]
    return datetime(day.year, day.month, day.day, hour, random.randrange(60), random.randrange(60))  # noqa: DTZ001 (Korean time, as platforms write it)


def _cell(value: object) -> object:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
