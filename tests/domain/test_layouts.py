"""Profiles are read strictly: a slip of the pen in one is told with its place before any file is read by it."""

from __future__ import annotations

import json

import pytest

from portal import data
from portal.domain.errors import FileRefused
from portal.domain.layouts import from_plain, to_plain
from portal.domain.platforms import KINDS, TERMS, read_platform

PROFILE = """
code = "new"
name = "새 플랫폼"
operator = "새 회사"
kind = "ordering"
channels = ["delivery", "service"]
reports = ["orders"]
claimable = ["merchant_delivery_cost"]
summary = "새로 나온 주문 앱."
store_id_hint = "관리 화면"

[terms]
brokerage = { text = "5%", source = "누리집", dated = "2026-01-01" }
payment = { text = "2%", example = true }
delivery = { text = "3,000원", example = true }
advertising = { text = "없음", example = true }
settlement = { text = "다음 날", example = true }
exit = { text = "언제든지", example = true }

[[layout]]
code = "orders"
title = "주문"
tells = "orders"
origin = "invented"
note = "예시"
ignored = ["비고"]

[layout.columns]
store_id = "가게"
order_no = { from = ["날짜", "번호"], join = "-" }
channel = { from = ["구분"], values = { "배달" = "delivery" } }
ordered_at = "시각"
status = { value = "completed" }
payment_method = { from = ["결제"], values = { "카드" = "card" }, otherwise = "other" }
order_amount = { plus = ["금액"], minus = ["취소액"], vat = true }
"""


def refused(old: str, new: str) -> set[tuple[str, str]]:
    assert old in PROFILE
    with pytest.raises(FileRefused) as refusal:
        read_platform(PROFILE.replace(old, new, 1), "new.toml")
    return {(problem.code, problem.field) for problem in refusal.value.problems}


def test_a_profile_says_everything_about_a_platforms_file() -> None:
    made = read_platform(PROFILE).layouts[0]
    rules = {rule.name: rule for rule in made.columns}
    assert rules["order_no"].names == ("날짜", "번호")
    assert (rules["order_amount"].plus, rules["order_amount"].minus, rules["order_amount"].vat) == (
        ("금액",),
        ("취소액",),
        True,
    )
    assert (rules["delivery_fee"].value, rules["origin_key"].value) == ("0", "")
    assert set(made.names) == {"가게", "날짜", "번호", "구분", "시각", "결제", "금액", "취소액", "비고"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('store_id = "가게"', "", ("missing", "layout[1].columns.store_id")),
        ('store_id = "가게"', "store_id = 3", ("not_a_table", "layout[1].columns.store_id")),
        ('store_id = "가게"', 'store_id = "가게"\nshop = "가게"', ("unknown_key", "layout[1].columns.shop")),
        ('= "delivery" }', '= "smoke" }', ("unknown_choice", "layout[1].columns.channel.values")),
        ('= "delivery" }', '= "ride" }', ("unknown_choice", "layout[1].columns.channel")),
        ('value = "completed"', 'value = "fertig"', ("unknown_choice", "layout[1].columns.status.value")),
        ('otherwise = "other"', 'otherwise = "gold"', ("unknown_choice", "layout[1].columns.payment_method.otherwise")),
        ('plus = ["금액"], minus = ["취소액"], ', "", ("missing", "layout[1].columns.order_amount.plus")),
        ("vat = true", 'vat = "yes"', ("not_a_flag", "layout[1].columns.order_amount.vat")),
        ("vat = true", "vat = true, tax = 3", ("unknown_key", "layout[1].columns.order_amount.tax")),
        ('ignored = ["비고"]', 'ignored = ["비고", "가게"]', ("repeated", "layout[1].ignored")),
        ('ignored = ["비고"]', 'ignored = ["비고", "비 고"]', ("repeated", "layout[1].columns")),
        ('ignored = ["비고"]', 'optional = ["없는 열"]', ("leads_nowhere", "layout[1].optional")),
        ('ignored = ["비고"]', 'above = ["없는 열"]', ("leads_nowhere", "layout[1].above")),
        ('ignored = ["비고"]', 'times = ["%H:%M"]', ("not_a_time_format", "layout[1].times")),
        ('ignored = ["비고"]', "levels = 0", ("not_an_integer", "layout[1].levels")),
        ('ignored = ["비고"]', "levels = 9", ("out_of_range", "layout[1].levels")),
        ('ignored = ["비고"]', 'shape = "list"', ("missing", "layout[1].labels")),
        ('tells = "orders"', 'tells = "statements"', ("statement_as_order", "layout[1].columns.channel")),
        ("brokerage = {", "fees = {", ("missing", "terms.brokerage.text")),
        (', source = "누리집", dated = "2026-01-01"', "", ("neither_example_nor_source", "terms.brokerage.source")),
        (', dated = "2026-01-01"', "", ("missing", "terms.brokerage.dated")),
        ('["merchant_delivery_cost"]', '["rent"]', ("unknown_choice", "claimable")),
    ],
)
def test_a_slip_in_a_profile_is_told_with_its_place(old: str, new: str, problem: tuple[str, str]) -> None:
    assert problem in refused(old, new)


STORE = '\n[layout.store]\nname = "상호"\nbusiness_number = "사업자번호"\n'


def test_a_layout_may_tell_what_a_store_is_called() -> None:
    made = read_platform(PROFILE.replace('ignored = ["비고"]', 'optional = ["상호"]') + STORE).layouts[0]
    assert (made.store.name, made.store.business_number, made.store.address) == ("상호", "사업자번호", "")
    assert {"상호", "사업자번호"} <= set(made.names)
    assert read_platform(PROFILE).layouts[0].store.names == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name = "상호"\nbusiness_number = "사업자번호"', "", ("missing", "layout[1].store.name")),
        ('business_number = "사업자번호"', 'owner = "대표자"', ("unknown_key", "layout[1].store.owner")),
        ('"상호"', "3", ("not_text", "layout[1].store.name")),
        ('"상호"', '"비고"', ("repeated", "layout[1].ignored")),
    ],
)
def test_a_slip_in_what_is_said_of_stores_is_told_with_its_place(old: str, new: str, problem: tuple[str, str]) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_platform(PROFILE + STORE.replace(old, new, 1))
    assert problem in {(each.code, each.field) for each in refusal.value.problems}


def test_rows_that_are_no_orders_need_a_sign() -> None:
    with pytest.raises(FileRefused) as refusal:
        read_platform(PROFILE + '[[layout.no_order]]\ncolumn = "번호"\n')
    assert ("missing", "layout[1].no_order[1].among") in {(p.code, p.field) for p in refusal.value.problems}


def test_two_layouts_of_a_platform_have_two_codes() -> None:
    again = PROFILE[PROFILE.index("[[layout]]") :]
    with pytest.raises(FileRefused) as refusal:
        read_platform(PROFILE + again)
    assert {(p.code, p.field) for p in refusal.value.problems} == {
        ("repeated", "layout[1].code"),
        ("repeated", "layout[2].code"),
    }


def test_a_layout_travels_to_the_reader_unchanged() -> None:
    for platform in data.platform_catalogue().values():
        for layout in platform.layouts:
            assert from_plain(json.loads(json.dumps(to_plain(layout)))) == layout


def test_the_catalogue_holds_every_service_of_the_programmes_background() -> None:
    catalogue = data.platform_catalogue()
    assert len(catalogue) == 27, "those of the background, and own delivery"
    assert {platform.kind for platform in catalogue.values()} == set(KINDS)
    for code, platform in catalogue.items():
        assert tuple(term.what for term in platform.terms) == TERMS, code
        assert all(term.example or (term.source and term.dated) for term in platform.terms), code


def test_an_agency_names_the_order_it_delivers() -> None:
    for code, platform in data.platform_catalogue().items():
        for layout in platform.layouts:
            origin = next(rule for rule in layout.columns if rule.name == "origin_key")
            assert bool(origin.sources) == (platform.kind == "agency"), code
            assert {ours for _, ours in origin.values} <= set(data.platform_catalogue())
