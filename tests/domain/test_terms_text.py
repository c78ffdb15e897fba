"""Terms written as TOML read back as the same terms, whatever is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.domain.kinds import AmountKind, Attribute, CapPer, PoolOrder, PoolPer
from portal.domain.programmes import difference
from portal.domain.terms import Amount, Cap, Item, Pool, Terms, parse_terms
from portal.domain.terms_text import as_toml
from tests.factories import GURYE

AMOUNTS = (
    Amount(AmountKind.COST_SHARE, rate=Decimal("0.1234"), legal='"따옴표" 제1조 \\'),
    Amount(AmountKind.FLAT, amount=1_000),
    Amount(AmountKind.COST_UP_TO, amount=0, legal="제2조"),
    Amount(AmountKind.ONE_OFF, amount=123_456_789),
    Amount(
        AmountKind.FLAT_BY, attribute=Attribute.PLATFORM, amounts={"kakao-channel": 3_000, "baemin": 2_000}, default=5
    ),
)
CAPS = tuple(Cap(per, 1_000 * place, "제3조" if place % 2 else "") for place, per in enumerate(CapPer, 1))
POOLS = tuple(Pool(per, 10**9, order) for per in PoolPer for order in PoolOrder)


def terms_with(amount: Amount) -> Terms:
    item = Item("delivery", "merchant_delivery_cost", amount, ("delivery", "preorder"), 12_000, CAPS)
    return Terms(
        code="example",
        name="2026 '보기' 사업",
        version=3,
        priority=-5,
        legal_basis="",
        cost_from=date(2026, 3, 1),
        cost_to=date(2027, 2, 28),
        platforms=("baemin", "barogo"),
        round_down_to=100,
        funding={"national": Decimal("0.5"), "county": Decimal("0.5")},
        items=(item, replace(item, code="promotion", channels=None, min_order_amount=0, caps=())),
        pools=POOLS,
    )


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: amount.kind)
def test_every_kind_of_terms_reads_back_as_it_was(amount: Amount) -> None:
    terms = terms_with(amount)
    assert parse_terms(as_toml(terms)) == terms
    plain = replace(terms, platforms=None, funding={}, pools=(), legal_basis="제1호")
    assert parse_terms(as_toml(plain)) == plain


def test_a_programme_file_is_written_without_what_is_not_terms() -> None:
    terms = parse_terms(GURYE)
    text = as_toml(terms)
    assert parse_terms(text) == terms
    assert "[call]" not in text


def test_one_changed_number_is_one_changed_line() -> None:
    terms = parse_terms(GURYE)
    changed = as_toml(terms).replace("100_000", "150_000")
    kinds = [change.kind for change in difference(as_toml(terms), as_toml(parse_terms(changed)))]
    assert (kinds.count("added"), kinds.count("removed")) == (1, 1)
