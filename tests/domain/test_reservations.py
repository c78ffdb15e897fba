"""How much the next in line gets: all, nothing, or what every source still holds its share of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.reservations import fits, most, to_commit

SHARES = {"national": Decimal("0.50"), "province": Decimal("0.15"), "county": Decimal("0.35")}
won = st.integers(0, 2_000)


@pytest.mark.parametrize(
    ("last_place", "left", "given_won"),
    [
        ("none", (250, 75, 175), 500),
        ("none", (250, 75, 174), 0),
        ("partial", (250, 75, 174), 498),
        ("partial", (250, 0, 175), 3),  # a source without money gives none of three won
        ("partial", (0, 75, 175), 0),
        ("partial", (900, 900, 900), 500),
    ],
)
def test_the_next_in_line_gets_all_or_by_rule_nothing_or_what_is_left(
    last_place: str, left: tuple[int, int, int], given_won: int
) -> None:
    assert to_commit(500, last_place, SHARES, dict(zip(SHARES, left, strict=True))) == given_won


@given(amount=st.integers(1, 3_000), left=st.tuples(won, won, won))
def test_no_larger_part_than_the_one_found_would_fit(amount: int, left: tuple[int, int, int]) -> None:
    held = dict(zip(SHARES, left, strict=True))
    found = most(amount, SHARES, held)
    assert fits(found, SHARES, held)
    assert [larger for larger in range(found + 1, amount + 1) if fits(larger, SHARES, held)] == []
