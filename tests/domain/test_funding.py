"""Splitting a payable amount between those who fund a programme."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import BudgetExhausted
from portal.domain.funding import split, split_within
from tests.assessment import reference


def shares(*parts: str) -> dict[str, Decimal]:
    return {name: Decimal(part) for name, part in zip("abc", parts, strict=False)}


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [
        (4_990, ("0.50", "0.15", "0.35"), [2_495, 749, 1_746]),  # 748.5 and 1746.5: the first named gets the won
        (1, ("0.5", "0.5"), [1, 0]),
        (1, ("0.3333", "0.3333", "0.3334"), [0, 0, 1]),
        (0, ("0.5", "0.5"), [0, 0]),
        (10, ("1", "0"), [10, 0]),
        (-4_990, ("0.50", "0.15", "0.35"), [-2_495, -749, -1_746]),
    ],
)
def test_the_parts_are_those_of_the_largest_remainders(
    amount: int, parts: tuple[str, ...], expected: list[int]
) -> None:
    assert list(split(amount, shares(*parts)).values()) == expected


@given(amount=st.integers(0, 10**15), first=st.integers(0, 10_000), second=st.integers(0, 10_000))
def test_nothing_is_lost_and_the_second_implementation_agrees(amount: int, first: int, second: int) -> None:
    first, second = min(first, second), abs(first - second)
    texts = {"a": str(Decimal(first) / 10_000), "b": str(Decimal(second) / 10_000)}
    texts["c"] = str(1 - Decimal(texts["a"]) - Decimal(texts["b"]))
    parts = split(amount, {name: Decimal(text) for name, text in texts.items()})
    assert sum(parts.values()) == amount
    assert all(abs(parts[name] - amount * Fraction(text)) < 1 for name, text in texts.items())
    assert parts == reference.split(amount, texts)


@pytest.mark.parametrize("parts", [("0.5", "0.4"), ("1.5", "-0.5"), ()])
def test_shares_that_are_not_shares_are_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        split(100, shares(*parts))


@given(
    parts=st.lists(st.integers(1, 9_999), min_size=1, max_size=60),
    of=st.sampled_from([("0.50", "0.15", "0.35"), ("0.3333", "0.3333", "0.3334"), ("1", "0"), ("0.0001", "0.9999")]),
)
def test_payments_within_a_commitment_use_up_every_source_exactly(parts: list[int], of: tuple[str, ...]) -> None:
    committed = split(sum(parts), shares(*of))
    left = dict(committed)
    for amount in parts:
        given_now = split_within(amount, shares(*of), left)
        assert sum(given_now.values()) == amount
        left = {source: won - given_now[source] for source, won in left.items()}
        assert min(given_now.values()) >= 0 <= min(left.values())
    assert set(left.values()) == {0}


def test_only_the_won_that_a_source_has_not_left_move_in_file_order() -> None:
    of = shares("0.50", "0.15", "0.35")
    assert split_within(11, of, {"a": 100, "b": 100, "c": 100}) == split(11, of) == {"a": 5, "b": 2, "c": 4}
    assert split_within(11, of, {"a": 100, "b": 1, "c": 100}) == {"a": 6, "b": 1, "c": 4}
    assert split_within(11, of, {"a": 5, "b": 1, "c": 5}) == {"a": 5, "b": 1, "c": 5}
    with pytest.raises(BudgetExhausted, match="commitment_used_up"):
        split_within(11, of, {"a": 5, "b": 1, "c": 4})
