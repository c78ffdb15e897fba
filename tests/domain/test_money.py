"""Won in documents, rounding and spreading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import allocate, figures, for_document, in_hangul, round_down


@pytest.mark.parametrize(
    ("amount", "spoken"),
    [
        (0, "금영원"),
        (1, "금일원"),
        (10, "금일십원"),
        (11_111, "금일만일천일백일십일원"),
        (10_010, "금일만일십원"),
        (113_560, "금일십일만삼천오백육십원"),
        (300_000, "금삼십만원"),
        (400_000, "금사십만원"),
        (120_000_000, "금일억이천만원"),
        (100_000_000, "금일억원"),
        (100_010_000, "금일억일만원"),
        (1_000_000_000_001, "금일조일원"),
        (5_224_000_000_000, "금오조이천이백사십억원"),
        (10**16, "금일경원"),
    ],
)
def test_an_amount_is_spoken_with_every_one(amount: int, spoken: str) -> None:
    assert in_hangul(amount) == spoken


def test_a_document_shows_figures_and_hangul() -> None:
    assert for_document(113_560) == "금113,560원(금일십일만삼천오백육십원)"
    assert figures(-1_234_567) == "-1,234,567원"


@pytest.mark.parametrize("amount", [-1, 10**20])
def test_an_amount_that_cannot_be_spoken_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="Hangul"):
        in_hangul(amount)


@given(st.integers(0, 10**20 - 1))
def test_the_spoken_amount_can_be_read_back(amount: int) -> None:
    total = myriad = digit = 0
    for mark in in_hangul(amount).removeprefix("금").removesuffix("원"):
        if mark in "만억조경":
            total, myriad, digit = total + (myriad + digit) * 10_000 ** ("만억조경".index(mark) + 1), 0, 0
        elif mark in "십백천":
            myriad, digit = myriad + digit * 10 ** ("십백천".index(mark) + 1), 0
        else:
            digit = "영일이삼사오육칠팔구".index(mark)
    assert total + myriad + digit == amount


@pytest.mark.parametrize(
    ("amount", "unit", "rounded"),
    [(4_999, 10, 4_990), (9, 10, 0), (0, 10, 0), (-4_999, 10, -4_990), (-9, 10, 0), (4_999, 1, 4_999)],
)
def test_rounding_goes_towards_zero(amount: int, unit: int, rounded: int) -> None:
    assert round_down(amount, unit) == rounded


def test_a_unit_below_one_won_is_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        round_down(1, 0)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [0, 3, 1], [0, 8, 2]),
        (4_990, [16_665_000, 33_330_000], [1_663, 3_327]),
        (0, [], []),
        (0, [0, 0], [0, 0]),
    ],
)
def test_a_total_is_spread_by_weight(total: int, weights: list[int], parts: list[int]) -> None:
    assert allocate(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0]), (1, [1, -1])])
def test_a_total_without_anything_to_carry_it_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weight|nothing"):
        allocate(total, weights)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**12), min_size=1).filter(any))
def test_spreading_loses_nothing_and_stays_within_one_of_the_exact_share(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
