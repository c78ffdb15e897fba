"""The programme and platform files as shipped, and what their readers refuse."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.domain.announcements import Grant, parse_announcement, read_announcement
from portal.domain.codes import load_excluded_industries
from portal.domain.eligibility import Applicant, Basis, evaluate, is_eligible
from portal.domain.errors import FileRefused
from portal.domain.platforms import read_platform

DATA = Path(__file__).parents[2] / "portal/data"
GURYE = (DATA / "programmes/gurye-2020-o2o.toml").read_text(encoding="utf-8")
PLATFORMS = sorted((DATA / "platforms").glob("*.toml"))


def codes(refusal: pytest.ExceptionInfo[FileRefused]) -> set[tuple[str, str]]:
    return {(problem.code, problem.field) for problem in refusal.value.problems}


def test_the_gurye_programme_is_open_in_its_window_and_runs_on_national_money() -> None:
    gurye = read_announcement(GURYE)
    assert gurye.call.act == "national"
    assert [gurye.call.is_open(date(2026, m, d)) for m, d in ((2, 15), (2, 16), (12, 18), (12, 19))] == [
        False,
        True,
        True,
        False,
    ]
    assert {document.code for document in gurye.documents if document.required} == {
        "business_registration",
        "bankbook",
        "sales_proof",
    }


def test_the_budget_is_split_exactly_by_the_funding_shares() -> None:
    shares = tomllib.loads(GURYE)["funding"]
    gurye = read_announcement(GURYE)
    assert gurye.budget_total == 120_000_000
    for line in gurye.budget:
        assert line.amount == gurye.budget_total * Decimal(shares[line.source])
    assert tomllib.loads(GURYE)["pool"][0]["amount"] == gurye.budget_total


def test_the_grant_is_what_the_caps_allow_at_most() -> None:
    items = tomllib.loads(GURYE)["item"]
    most = sum(cap["amount"] for item in items for cap in item["caps"] if cap["per"] == "programme")
    assert read_announcement(GURYE).grant.amount == most


@pytest.mark.parametrize(
    ("kind", "requested", "committed"), [("fixed", 100, 500), ("up_to", 100, 100), ("up_to", 900, 500)]
)
def test_a_grant_commits_its_amount(kind: str, requested: int, committed: int) -> None:
    assert Grant(kind, 500, "").amount_for(requested) == committed


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("item.delivery.amount.rate", True),
        ("item.delivery.caps.order.amount", True),
        ("funding.national", True),
        ("budget.national.amount", True),
        ("eligibility.sales.amount", True),
        ("eligibility.region.regions", False),
        ("cost_windows", False),
        ("name", False),
    ],
)
def test_every_number_that_is_ours_is_marked_as_an_example(path: str, example: bool) -> None:
    assert read_announcement(GURYE).is_example(path) is example


@pytest.mark.parametrize(
    ("on", "region", "sales", "eligible"),
    [
        (date(2026, 9, 1), "1273025000", 300_000_000, True),
        (date(2026, 5, 1), "4673025000", 300_000_000, True),
        (date(2026, 9, 1), "1273025000", 300_000_001, False),
        (date(2026, 9, 1), "12720", 1, False),
    ],
)
def test_a_chicken_shop_of_gurye_may_take_part(on: date, region: str, sales: int, eligible: bool) -> None:
    lists = load_excluded_industries((DATA / "codes/excluded_industries.csv").read_text(encoding="utf-8"))
    shop = Applicant(
        region_code=region,
        industry_edition=11,
        industry_code="56162",
        sales={2025: sales},
        regular_workers=Decimal("1.5"),
        owner_business_count=1,
        tax_status="01",
    )
    assert is_eligible(evaluate(read_announcement(GURYE).eligibility, shop, Basis(on, lists))) is eligible


def test_all_faults_of_a_file_are_told_at_once() -> None:
    faulty = tomllib.loads(GURYE)
    faulty["call"] |= {"act": "county", "apply_to": date(2026, 1, 1), "processing_days": 0, "receipt_prefix": "구례"}
    del faulty["call"]["contact"]["phone"]
    faulty["grant"]["amount"] = 0.5
    faulty["eligibility"][0]["kind"] = "horoscope"
    faulty["document"] += [{"code": "bankbook", "name": "통장", "kinds": ["hwp"]}]
    faulty["budget"] += [{"fiscal_year": 2026, "source": "national", "amount": 1}]
    faulty["example"]["paths"] += ["item.delivery.caps.week"]
    faulty["surprise"] = 1
    with pytest.raises(FileRefused) as refusal:
        parse_announcement(faulty, "gurye.toml")
    assert codes(refusal) == {
        ("unknown_choice", "call.act"),
        ("ends_before_it_begins", "call.apply_to"),
        ("not_an_integer", "call.processing_days"),
        ("not_a_prefix", "call.receipt_prefix"),
        ("missing", "call.contact.phone"),
        ("not_an_integer", "grant.amount"),
        ("unknown_choice", "eligibility[1].kind"),
        ("unknown_choice", "document[5].kinds"),
        ("repeated", "document"),
        ("repeated", "budget"),
        ("leads_nowhere", "example.paths"),
        ("unknown_key", "surprise"),
    }
    assert {problem.file for problem in refusal.value.problems} == {"gurye.toml"}


@pytest.mark.parametrize(("text", "code"), [("= nonsense", "not_toml"), ("", "missing"), ("call = 3", "not_a_table")])
def test_a_file_without_an_announcement_is_refused(text: str, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_announcement(text)
    assert code in {problem.code for problem in refusal.value.problems}


def test_platforms_are_in_the_catalogue_under_their_own_file_names() -> None:
    read = {path.stem: read_platform(path.read_text(encoding="utf-8")) for path in PLATFORMS}
    assert {"baemin", "yogiyo", "ttaengyo", "meokkaebi", "barogo", "kakao-channel"} < set(read)
    assert all(platform.code == stem for stem, platform in read.items())
    assert read["barogo"].kind == "agency"


def test_a_faulty_platform_is_refused_with_every_fault() -> None:
    text = 'code = "가"\nname = ""\noperator = "x"\nkind = "shop"\nchannels = ["smoke"]\nreports = []\n'
    text += "[terms]\nbrokerage = {}\n"
    with pytest.raises(FileRefused) as refusal:
        read_platform(text)
    assert codes(refusal) >= {
        ("not_a_platform_code", "code"),
        ("not_text", "name"),
        ("unknown_choice", "kind"),
        ("unknown_choice", "channels"),
        ("not_a_list", "reports"),
        ("missing", "summary"),
        ("missing", "store_id_hint"),
        ("missing", "claimable"),
        ("missing", "terms.brokerage.text"),
        ("neither_example_nor_source", "terms.brokerage.source"),
        ("missing", "terms.exit"),
        ("missing", "layout"),
    }
