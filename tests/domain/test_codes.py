"""The official code tables as shipped, and what the loaders refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain import codes
from portal.domain.errors import FileRefused

FOLDER = Path(__file__).parents[2] / "portal/data/codes"
BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


REGIONS = codes.load_regions(text("regions.csv"))
INDUSTRIES = codes.load_industries(text("industries.csv"))


def names(parent: str, on: date) -> list[str]:
    return [region.name for region in codes.regions_within(REGIONS, parent, on)]


def test_there_are_sixteen_provinces_since_the_reform_and_seventeen_before() -> None:
    assert len(names("", AFTER)) == 16
    assert len(names("", BEFORE)) == 17
    assert "전남광주통합특별시" in names("", AFTER)
    assert {"광주광역시", "전라남도"} <= set(names("", BEFORE))


def test_there_are_256_counties_and_cities_since_the_reform() -> None:
    assert sum(len(region.code) == 5 and region.valid_on(AFTER) for region in REGIONS) == 256


@pytest.mark.parametrize(
    ("old", "on", "new"),
    [
        ("46730", AFTER, ["12730"]),
        ("46730", BEFORE, ["46730"]),
        ("46230", AFTER, ["12190"]),
        ("46770", AFTER, ["12740"]),
        ("46820", AFTER, ["12790"]),
        ("29200", AFTER, ["12330"]),
        ("28110", AFTER, ["28125", "28155"]),
        ("28140", AFTER, ["28125"]),
        ("28260", AFTER, ["28275", "28290"]),
        ("41590", AFTER, ["41591", "41593", "41595", "41597"]),
        ("41190", AFTER, ["41192", "41194", "41196"]),
        ("47720", AFTER, ["27720"]),
        ("42110", AFTER, ["51110"]),
        ("45111", AFTER, ["52111"]),
        ("4673025000", AFTER, ["1273025000"]),
        ("12730", BEFORE, []),
        ("99999", AFTER, []),
    ],
)
def test_an_old_code_leads_to_what_replaced_it(old: str, on: date, new: list[str]) -> None:
    assert [region.code for region in codes.regions_on(REGIONS, old, on)] == new


@pytest.mark.parametrize(("parent", "on"), [("46730", BEFORE), ("12730", AFTER)])
def test_gurye_has_one_town_and_seven_townships_before_and_after(parent: str, on: date) -> None:
    assert names(parent, on) == ["구례읍", "문척면", "간전면", "토지면", "마산면", "광의면", "용방면", "산동면"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("12730", "전남광주통합특별시 구례군"),
        ("46730", "전라남도 구례군"),
        ("1273031000", "전남광주통합특별시 구례군 문척면"),
        ("36110", "세종특별자치시"),
        ("41111", "경기도 수원시 장안구"),
        ("99999", "99999"),
    ],
)
def test_a_region_is_named_from_the_top(code: str, name: str) -> None:
    assert codes.region_name(REGIONS, code) == name


def test_every_abolished_region_has_a_successor_and_the_days_meet() -> None:
    by_code = {region.code: region for region in REGIONS}
    for region in REGIONS:
        assert bool(region.valid_to) is bool(region.successors), region
        for code in region.successors:
            began = by_code[code].valid_from
            assert region.valid_to
            assert began in (None, region.valid_to + timedelta(days=1)), region


def test_no_code_stands_twice() -> None:
    assert len({(region.system, region.code) for region in REGIONS}) == len(REGIONS)
    assert len({(industry.edition, industry.code) for industry in INDUSTRIES}) == len(INDUSTRIES)


@pytest.mark.parametrize(
    ("edition", "code", "name"),
    [
        (10, "56193", "치킨 전문점"),
        (11, "56162", "치킨 전문점"),
        (10, "56191", "제과점업"),
        (11, "56150", "제과점업"),
        (10, "56221", "커피 전문점"),
        (11, "56221", "커피 전문점"),
    ],
)
def test_a_trade_is_known_by_edition_and_code(edition: int, code: str, name: str) -> None:
    assert codes.Industry(edition, code, name) in INDUSTRIES


def test_beer_halls_are_not_excluded_with_the_nightclubs() -> None:
    excluded = codes.load_excluded_industries(text("excluded_industries.csv"))
    barred = {(each.edition, each.code) for each in excluded if each.valid_on(AFTER)}
    assert {(10, "56211"), (10, "56212")} <= barred
    assert not {(10, "56213"), (10, "5621"), (11, "5621")} & barred


def test_bank_codes_are_text_and_the_confused_ones_are_right() -> None:
    banks = {bank.code: bank.name for bank in codes.load_banks(text("banks.csv"))}
    assert (banks["088"], banks["011"], banks["012"]) == ("신한은행", "NH농협은행", "지역농축협")
    assert not {"005", "008"} & set(banks)


@pytest.mark.parametrize(
    ("on", "holiday"),
    [
        (date(2026, 7, 17), True),
        (date(2025, 7, 17), False),
        (date(2026, 5, 1), True),
        (date(2026, 6, 3), True),
        (date(2026, 8, 17), True),
        (date(2026, 6, 8), False),
        (date(2027, 12, 27), True),
        (date(2020, 8, 17), True),
    ],
)
def test_the_holiday_table_knows_the_changes_of_2026(on: date, holiday: bool) -> None:
    assert (on in codes.load_holidays(text("holidays.csv"))) is holiday


HEADER = "system,code,name,parent,valid_from,valid_to,successors,evidence\n"


@pytest.mark.parametrize(
    ("load", "csv", "problems"),
    [
        (codes.load_regions, HEADER, ["empty"]),
        (codes.load_regions, HEADER + "bjd,123,가,,,,,list\n", ["bad_value"]),
        (codes.load_regions, HEADER + "bjd,1x,가,,,,,list\nbjd,12,나,,어제,,,list\n", ["bad_value", "bad_value"]),
        (codes.load_regions, HEADER + "bjd,12,가,,,,13,list\n", ["unknown_region"]),
        (codes.load_regions, "system,code\nbjd,12\n", ["missing_column"]),
        (codes.load_banks, "code,name\n이공사,국민\n", ["bad_value"]),
        (codes.load_holidays, "date,name\n2026-02-30,없는 날\n", ["bad_value"]),
        (codes.load_industries, "edition,code,name\n열,56111,한식\n", ["bad_value"]),
        (codes.load_act_periods, "act,rule,days\nlocal,appeal,스무\n", ["bad_value"]),
        (codes.load_excluded_industries, "list,edition\npolicy_loan,10\n", ["missing_column"]),
    ],
)
def test_a_faulty_table_is_refused_with_every_fault(load: Callable, csv: str, problems: list[str]) -> None:
    with pytest.raises(FileRefused) as refusal:
        load(csv)
    assert [problem.code for problem in refusal.value.problems] == problems


def test_a_byte_order_mark_is_not_part_of_the_first_column() -> None:
    assert codes.load_banks("\ufeffcode,name\n004,국민\n") == (codes.Bank("004", "국민"),)
