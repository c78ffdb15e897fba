"""An average order far off its band is said after a delivery, of the file and of its stores, and refuses nothing."""

from __future__ import annotations

import io

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.order_values import SHOWN
from portal.domain.settlements import DeliverSettlement
from portal.services import order_values, settlements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official, make_organisation
from tests.platform_samples import PERIOD, SAMPLES
from tests.settled import Office, line

Told = list[tuple[str, str, int, int]]


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def orders(
    store_id: str, amount: int, number: int = 5, *, status: str = "completed", channel: str = "delivery"
) -> list[list[object]]:
    days = (f"2026-05-{day + 1:02} 12:00" for day in range(number))
    return [line(store_id, day, amount=amount, status=status, channel=channel) for day in days]


def told(office: Office, *rows: list[list[object]], platform: str = "baemin") -> Told:
    """(store or "", code, orders, average) of what a delivery of these rows warns of."""
    delivered = office.deliver([row for each in rows for row in each], "2026-05", platform=platform).delivery
    assert delivered.refused == 0
    warnings = delivered.outcome.get("warnings", [])
    return [(each["store_id"], each["code"], each["orders"], each["average"]) for each in warnings]


def test_averages_inside_the_band_are_not_spoken_of(office: Office) -> None:
    assert told(office, orders("S1", 8_000), orders("S2", 80_000)) == []


def test_a_store_outside_its_band_is_named_with_its_average(office: Office) -> None:
    assert told(office, orders("S1", 7_999), orders("S2", 80_001), orders("S3", 20_000)) == [
        ("S1", "average_order_below", 5, 7_999),
        ("S2", "average_order_above", 5, 80_001),
    ]


def test_a_file_in_thousands_of_won_stands_out_as_a_whole(office: Office) -> None:
    assert told(office, orders("S1", 21), orders("S2", 18, 6)) == [
        ("", "average_order_below", 11, 19),
        ("S2", "average_order_below", 6, 18),
        ("S1", "average_order_below", 5, 21),
    ]


def test_an_average_a_fraction_outside_is_not_rounded_inside(office: Office) -> None:
    assert told(office, orders("S1", 8_000, 4), orders("S1", 7_999, 1)) == [
        ("", "average_order_below", 5, 7_999),
        ("S1", "average_order_below", 5, 7_999),
    ]
    assert told(office, orders("S1", 80_000, 4), orders("S1", 80_001, 1)) == [
        ("", "average_order_above", 5, 80_001),
        ("S1", "average_order_above", 5, 80_001),
    ]


def test_few_orders_cancelled_ones_and_those_without_an_amount_say_nothing(office: Office) -> None:
    assert told(office, orders("S1", 500, 4)) == []
    assert told(office, orders("S1", 500, 4), orders("S1", 500, 3, status="cancelled"), orders("S1", 0)) == []


def test_every_channel_is_held_to_its_own_band_and_some_to_none(office: Office) -> None:
    assert told(office, orders("S1", 5_000, channel="preorder"), orders("S1", 500, channel="service")) == []
    assert told(office, orders("T1", 5_000, channel="ride"), platform="kakao-taxi") == []
    assert [each[0] for each in told(office, orders("T1", 80_000, channel="ride"), platform="kakao-taxi")] == ["", "T1"]
    assert told(office, orders("K1", 9, channel="service"), platform="kakaopay") == []


def test_of_many_stores_some_are_named_and_all_are_counted(office: Office) -> None:
    rows = [orders(f"S{number:02}", 90_000) for number in range(SHOWN + 3)]
    delivered = office.deliver([row for each in rows for row in each], "2026-05").delivery
    warnings = delivered.outcome["warnings"]
    assert [each["store_id"] for each in warnings] == ["", *(f"S{number:02}" for number in range(SHOWN))]
    assert delivered.outcome["warned_stores"] == SHOWN + 3


def test_a_warned_store_is_shown_with_the_office_s_own_merchant(office: Office) -> None:
    office.shop("S1", trade_name="산수유 국밥")
    delivery = office.deliver([*orders("S1", 900), *orders("S2", 900)], "2026-05").delivery
    mine = order_values.warned(office.session, delivery, actor(office.reviewer))
    assert {store: link.merchant.trade_name for store, link in mine.links.items()} == {"S1": "산수유 국밥"}
    assert (len(mine.outside), mine.more_stores) == (3, 0)
    hadong = make_organisation(office.session, "hadong", name="하동군(데모)")
    stranger = actor(make_official(office.session, Role.REVIEWER, organisation=hadong))
    assert order_values.warned(office.session, delivery, stranger).links == {}


def test_the_platforms_own_samples_are_what_their_bands_expect(office: Office) -> None:
    for sample in SAMPLES:
        command = DeliverSettlement(sample.platform, PERIOD, sample.filename, io.BytesIO(sample.content))
        by = actor(office.reviewer)
        done = settlements.deliver(office.session, office.stores, office.lines, command, by=by, at=AT)
        assert not done.delivery.outcome.get("warnings"), sample.name
