"""The form made from terms has a field for each of their numbers, and gives the terms back with what was entered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from forms.fields import RateField
from forms.simulation_numbers import NumbersForm, numbers_form
from portal.domain.kinds import AmountKind, Attribute
from portal.domain.terms import Amount, Terms, parse_terms
from tests.factories import GURYE

PLATFORMS = {"baemin": "배달의민족", "barogo": "바로고"}
AMOUNTS = (
    Amount(AmountKind.COST_SHARE, rate=Decimal("0.1234")),
    Amount(AmountKind.FLAT, amount=1_000),
    Amount(AmountKind.COST_UP_TO, amount=0),
    Amount(AmountKind.ONE_OFF, amount=100_000),
    Amount(AmountKind.FLAT_BY, attribute=Attribute.PLATFORM, amounts={"kakao-channel": 3_000, "baemin": 7}, default=5),
)
MONTHS = [("2026-05", "2026. 5.")]


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="ko")
    with app.test_request_context():
        yield


def terms_with(amount: Amount) -> Terms:
    terms = parse_terms(GURYE)
    return replace(terms, items=(replace(terms.items[0], amount=amount), *terms.items[1:]))


def shown(terms: Terms) -> dict[str, Any]:
    """What the boxes of the opened form hold."""
    kind = numbers_form(terms, PLATFORMS)
    form = kind(data=kind.start(), months=MONTHS)
    plain = {field.name: field._value() for field in form if hasattr(field, "_value")}
    chosen = {"since": "2026-05", "until": "2026-05", "platforms": form.platforms.data}
    orders = {field.name: field.data for field in form if field.name.endswith("_order")}
    return plain | chosen | orders | {"participants": "accepted", "counted": "terms"}


def sent(terms: Terms, values: dict[str, Any]) -> NumbersForm:
    pairs = [(name, each) for name, value in values.items() for each in (value if isinstance(value, list) else [value])]
    return numbers_form(terms, PLATFORMS)(MultiDict(pairs), months=MONTHS)


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: amount.kind)
def test_unchanged_numbers_are_the_same_terms(amount: Amount) -> None:
    terms = terms_with(amount)
    form = sent(terms, shown(terms))
    assert form.validate(), form.errors
    assert form.to_terms() == terms
    assert parse_terms(form.to_command().text) == terms


def test_amounts_by_platform_are_changed_one_by_one() -> None:
    terms = terms_with(AMOUNTS[-1])
    form = sent(terms, shown(terms) | {"item0_by_kakao-channel": "4,000", "item0_default": "0"})
    assert form.validate(), form.errors
    found = form.to_terms().items[0].amount
    assert (dict(found.amounts), found.default) == ({"kakao-channel": 4_000, "baemin": 7}, 0)


def test_a_limit_left_empty_is_gone_and_an_amount_left_empty_is_refused() -> None:
    terms = terms_with(AMOUNTS[1])
    form = sent(terms, shown(terms) | {"item0_cap1": "", "pool_0_amount": ""})
    assert form.validate(), form.errors
    assert [cap.per for cap in form.to_terms().items[0].caps] == ["order", "programme"]
    assert form.to_terms().pools == ()
    assert not sent(terms, shown(terms) | {"item0_amount": ""}).validate()


def test_all_platforms_chosen_means_whichever_there_are() -> None:
    terms = replace(parse_terms(GURYE), platforms=("baemin",))
    assert sent(terms, shown(terms)).to_terms().platforms == ("baemin",)
    assert sent(terms, shown(terms) | {"platforms": list(PLATFORMS)}).to_terms().platforms is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [("50", "0.5"), ("12.34%", "0.1234"), ("100", "1"), ("0", "0"), ("101", None), ("1.234", None), ("-1", None)],
)
def test_a_rate_is_per_cent_with_two_decimals(typed: str, value: str | None) -> None:
    form = sent(terms_with(AMOUNTS[0]), {"item0_rate": typed})
    field = form["item0_rate"]
    assert isinstance(field, RateField)
    assert field.data == (None if value is None else Decimal(value))
