"""The bands of average orders are written in profiles, and an average that slipped by digits is recognised."""

from __future__ import annotations

import pytest

from portal import data
from portal.domain.errors import FileRefused
from portal.domain.order_values import OrderValues, OutsideBand, Side, from_plain, to_plain
from portal.domain.platforms import read_platform
from tests.domain.test_layouts import PROFILE

BAND = "delivery = { least = 8_000, most = 80_000, example = true }"


def profile(band: str) -> str:
    return PROFILE.replace("[terms]", f"[average_order]\n{band}\n\n[terms]", 1)


def test_a_channel_has_a_band_or_is_not_looked_at() -> None:
    (band,) = read_platform(profile(BAND)).average_orders
    assert (band.channel, band.least, band.most, band.example) == ("delivery", 8_000, 80_000, True)
    assert read_platform(PROFILE).average_orders == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("delivery =", "ride =", ("unknown_choice", "average_order.ride")),
        ("8_000", "0", ("not_an_integer", "average_order.delivery.least")),
        ("most = 80_000", "most = 8_000", ("out_of_range", "average_order.delivery.most")),
        (", example = true", "", ("neither_example_nor_source", "average_order.delivery.source")),
        ("example", "beispiel", ("unknown_key", "average_order.delivery.beispiel")),
    ],
)
def test_a_band_that_is_none_is_refused_with_its_place(old: str, new: str, problem: tuple[str, str]) -> None:
    with pytest.raises(FileRefused) as refused:
        read_platform(profile(BAND.replace(old, new, 1)))
    assert problem in {(each.code, each.field) for each in refused.value.problems}


def test_what_brings_a_customer_is_not_held_to_be_a_meal() -> None:
    bands = {(code, each.channel): each for code, p in data.platform_catalogue().items() for each in p.average_orders}
    assert bands["baemin", "delivery"].least == 8_000
    assert bands["kakao-taxi", "ride"].least < 8_000
    assert bands["11st-living", "booking"].most > 80_000
    assert not {code for code, _ in bands} & {"alipay", "kakaopay", "wechat", "zigbang"}


@pytest.mark.parametrize(
    ("average", "side", "slipped"),
    [
        (7_999, Side.BELOW, False),
        (4_000, Side.BELOW, True),
        (799, Side.BELOW, False),
        (21, Side.BELOW, True),
        (80_001, Side.ABOVE, False),
        (160_000, Side.ABOVE, True),
        (810_000, Side.ABOVE, False),
        (21_000_000, Side.ABOVE, True),
    ],
)
def test_a_wrong_unit_moves_an_average_by_whole_digits(average: int, side: Side, slipped: bool) -> None:
    found = OutsideBand("S1", "delivery", 9, average, 8_000, 80_000)
    assert (found.side, found.slipped) == (side, slipped)


def test_what_is_kept_is_read_back_and_an_older_delivery_has_nothing() -> None:
    found = OrderValues([OutsideBand("", "ride", 9, 900_000, 4_000, 60_000)], 3)
    assert from_plain(to_plain(found)) == found
    assert from_plain({}) == OrderValues([], 0)
