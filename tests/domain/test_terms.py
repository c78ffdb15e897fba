"""Terms files: what is read, and that every slip in one is told before anything is paid by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.domain.errors import FileRefused
from portal.domain.kinds import AmountKind, CapPer, PoolOrder, PoolPer
from portal.domain.terms import Amount, Cap, Pool, parse_terms

GOOD = """
code = "example-county-2026"
name = "2026 소상공인 O2O 서비스 지원"
version = 1
priority = 10
legal_basis = "공고 제2026-12호"
cost_window = { from = 2026-03-01, to = 2026-11-30 }
platforms = ["baemin", "barogo"]
round_down_to = 10
funding = { national = "0.50", province = "0.15", county = "0.35" }

[[item]]
code = "delivery"
basis = "merchant_delivery_cost"
channels = ["delivery"]
min_order_amount = 0
amount = { kind = "cost_share", rate = "0.50", legal = "제4조제1항" }
caps = [
  { per = "month", amount = 100_000, legal = "제4조제3항" },
  { per = "order", amount = 2_000, legal = "제4조제2항" },
]

[[pool]]
per = "programme"
amount = 150_000_000
order_by = "ordered_at"
legal = "예산의 범위"
"""
SMALLEST = """
code = "draft"
priority = 1
cost_window = { from = 2026-03-01, to = 2026-03-01 }
[[item]]
code = "start"
basis = "merchant_promotion_cost"
amount = { kind = "one_off", amount = 1 }
"""

REFUSED = [
    ('code = "example-county-2026"', "", "code", "missing_key"),
    ('code = "example-county-2026"', 'code = ""', "code", "not_text"),
    ('code = "example-county-2026"', 'code = "a\\nb"', "code", "not_text"),
    ("priority = 10", "", "priority", "missing_key"),
    ("priority = 10", "priority = 1.0", "priority", "not_an_integer"),
    ("priority = 10", "priority = true", "priority", "not_an_integer"),
    ("version = 1", "version = 0", "version", "too_small"),
    ("version = 1", "verison = 1", "verison", "unknown_key"),
    ("round_down_to = 10", "round_down_to = 0", "round_down_to", "too_small"),
    ("round_down_to = 10", "round_down_to = -10", "round_down_to", "negative"),
    ("to = 2026-11-30", "to = 2026-02-28", "cost_window", "reversed_period"),
    ("to = 2026-11-30", 'to = "2026-11-30"', "cost_window.to", "not_a_date"),
    ("to = 2026-11-30", "to = 2026-11-30T00:00:00", "cost_window.to", "not_a_date"),
    ('["baemin", "barogo"]', "[]", "platforms", "not_a_list_of_texts"),
    ('["baemin", "barogo"]', '"baemin"', "platforms", "not_a_list_of_texts"),
    ('county = "0.35"', 'county = "0.34"', "funding", "shares_not_one"),
    ('county = "0.35"', "county = 0.35", "funding.county", "not_a_decimal_text"),
    ('code = "delivery"', 'name = "delivery"', "item[1].code", "missing_key"),
    ('code = "delivery"', 'code = "delivery"\nnote = "x"', "item[1].note", "unknown_key"),
    ('"merchant_delivery_cost"', '"delivery_fee"', "item[1].basis", "unknown_basis"),
    ('channels = ["delivery"]', 'channels = ["deliveries"]', "item[1].channels", "unknown_channel"),
    ("min_order_amount = 0", "min_order_amount = -1", "item[1].min_order_amount", "negative"),
    ('kind = "cost_share"', 'kind = "share"', "item[1].amount.kind", "unknown_kind"),
    ('kind = "cost_share"', 'kind = "flat"', "item[1].amount.amount", "missing_key"),
    ('rate = "0.50"', "rate = 0.5", "item[1].amount.rate", "not_a_decimal_text"),
    ('rate = "0.50"', 'rate = "0.50000"', "item[1].amount.rate", "too_many_decimals"),
    ('rate = "0.50"', 'rate = "1.0001"', "item[1].amount.rate", "out_of_range"),
    ('rate = "0.50"', 'rate = "-0.5"', "item[1].amount.rate", "not_a_decimal_text"),
    ('rate = "0.50"', 'rate = "NaN"', "item[1].amount.rate", "not_a_decimal_text"),
    ('rate = "0.50"', 'rate = "0.50", amount = 5', "item[1].amount.amount", "unknown_key"),
    ('per = "month"', 'per = "week"', "item[1].caps[1].per", "unknown_per"),
    ("amount = 100_000", "amount = -1", "item[1].caps[1].amount", "negative"),
    ("amount = 100_000", "amount = 922_337_203_685_478", "item[1].caps[1].amount", "out_of_range"),
    ('per = "programme"', 'per = "owner"', "pool[1].per", "unknown_per"),
    ('order_by = "ordered_at"', 'order_by = "priority"', "pool[1].order_by", "unknown_order_by"),
    ('order_by = "ordered_at"', "", "pool[1].order_by", "missing_key"),
    ("[[pool]]", "[pool]", "pool", "not_a_list_of_tables"),
    ("[[pool]]", "[[item]]", "item[2].code", "missing_key"),
]


def test_a_terms_file_is_read_to_the_last_number() -> None:
    terms = parse_terms(GOOD)
    (item,) = terms.items
    assert (terms.code, terms.version, terms.precedence) == ("example-county-2026", 1, (10, "example-county-2026"))
    assert (terms.cost_from, terms.cost_to, terms.platforms) == (
        date(2026, 3, 1),
        date(2026, 11, 30),
        ("baemin", "barogo"),
    )
    assert terms.funding == {"national": Decimal("0.50"), "province": Decimal("0.15"), "county": Decimal("0.35")}
    assert item.amount == Amount(AmountKind.COST_SHARE, rate=Decimal("0.50"), legal="제4조제1항")
    assert item.amount.rate_e4 == 5_000
    assert item.order_caps == (Cap(CapPer.ORDER, 2_000, "제4조제2항"),)
    assert item.running_caps == (Cap(CapPer.MONTH, 100_000, "제4조제3항"),)
    assert terms.pools == (Pool(PoolPer.PROGRAMME, 150_000_000, PoolOrder.ORDERED_AT, "예산의 범위"),)


def test_what_a_draft_leaves_out_has_the_contracts_defaults() -> None:
    terms = parse_terms(SMALLEST)
    assert (terms.name, terms.version, terms.platforms, terms.round_down_to) == ("draft", 1, None, 10)
    assert (terms.items[0].channels, terms.items[0].caps, terms.pools) == (None, (), ())


@pytest.mark.parametrize(("found", "instead", "field", "code"), REFUSED)
def test_a_slip_is_refused_with_its_place(found: str, instead: str, field: str, code: str) -> None:
    assert GOOD.count(found) == 1
    with pytest.raises(FileRefused) as refused:
        parse_terms(GOOD.replace(found, instead), file="county.toml")
    assert (field, code) in {(problem.field, problem.code) for problem in refused.value.problems}
    assert {problem.file for problem in refused.value.problems} == {"county.toml"}


def test_all_slips_are_told_at_once() -> None:
    with pytest.raises(FileRefused) as refused:
        parse_terms(GOOD.replace('"0.50", province', '"0.60", province').replace('"order"', '"hour"') + "amont = 1\n")
    assert [problem.code for problem in refused.value.problems] == ["unknown_per", "shares_not_one", "unknown_key"]


def test_an_item_code_stands_for_one_item() -> None:
    again = "\n[[item]]" + SMALLEST.partition("[[item]]")[2]
    parse_terms(SMALLEST + again.replace('"start"', '"other"'))
    with pytest.raises(FileRefused, match="repeated_item"):
        parse_terms(SMALLEST + again)


def test_an_amount_by_attribute_names_values_that_exist() -> None:
    flat_by = '{ kind = "flat_by", attribute = "channel", amounts = { delivery = 5 }, default = 1 }'
    text = SMALLEST.replace('{ kind = "one_off", amount = 1 }', flat_by)
    assert parse_terms(text).items[0].amount.amounts == {"delivery": 5}
    for slip in ("deliveries = 5", "delivery = -5", 'delivery = "5"'):
        with pytest.raises(FileRefused):
            parse_terms(text.replace("delivery = 5", slip))
    with pytest.raises(FileRefused, match="unknown_attribute"):
        parse_terms(text.replace('"channel"', '"weather"'))


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(FileRefused, match="not_toml"):
        parse_terms("code = ")


def test_programme_files_are_terms_with_more_tables() -> None:
    folder = Path(__file__).parents[2] / "portal" / "data" / "programmes"
    assert [parse_terms(file.read_text(encoding="utf-8")).code for file in folder.glob("*.toml")]
    with pytest.raises(FileRefused, match="unknown_key"):
        parse_terms(GOOD + "[calls]\n")
    parse_terms(GOOD + "[call]\ntitle = 1\n")
