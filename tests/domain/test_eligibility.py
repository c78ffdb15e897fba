"""Every kind of test with an applicant who passes, one who fails and one of whom too little is known."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.codes import ExcludedIndustry
from portal.domain.criteria import KINDS, read_criteria
from portal.domain.eligibility import Applicant, Basis, Criterion, evaluate, is_eligible
from portal.domain.errors import Problem
from portal.domain.sales import SalesRule
from portal.domain.tables import Table

ON = date(2026, 9, 1)
LISTS = (
    ExcludedIndustry("policy_loan", 10, "56211", "일반 유흥 주점업", None, None, ""),
    ExcludedIndustry("policy_loan", 10, "68", "부동산업", None, None, ""),
    ExcludedIndustry("policy_loan", 11, "56211", "일반 유흥 주점업", date(2026, 10, 1), None, ""),
)
BASIS = Basis(ON, LISTS)

RULES = {
    "region": 'kind = "region"\nregions = [{ code = "12730", valid_from = 2026-07-01 }, '
    '{ code = "46730", valid_to = 2026-06-30 }]',
    "trade": 'kind = "industry"\nexclude_lists = ["policy_loan"]',
    "chicken": 'kind = "industry"\ninclude = [{ edition = 10, codes = ["56193"] }]',
    "food": 'kind = "industry"\ninclude = [{ edition = 10, codes = ["56"] }]\n'
    'exclude = [{ edition = 10, codes = ["56211"] }, { edition = 11, codes = ["56211"] }]',
    "sales_any": 'kind = "sales"\nyears = [2024, 2025]\nop = "<"\namount = 104_000_000\nallow_zero = false',
    "sales_all": 'kind = "sales"\nyears = [2024, 2025]\nmode = "all"\nop = "<="\namount = 300_000_000',
    "workers": 'kind = "regular_workers"\nbelow = 5\nlimits = [{ below = 10, divisions = ["10", "49"] }]',
    "opened": 'kind = "opened_before"\nbefore = 2026-03-01',
    "going": 'kind = "not_closed"',
    "resting": 'kind = "not_closed"\nallow_suspended = true',
    "owner": 'kind = "one_per_owner"',
    "member": 'kind = "platform"\nplatforms = ["baemin", "barogo"]',
    "annual": 'kind = "sales"\nyears = [2025]\nop = "<"\namount = 104_000_000\nallow_zero = false\nannualise = true',
    "annual_all": 'kind = "sales"\nyears = [2024, 2025]\nmode = "all"\nop = "<="\namount = 120_000_000\n'
    "annualise = true",
    "never_had": 'kind = "former_support"\nprogrammes = ["old", "older"]',
    "had_long_ago": 'kind = "former_support"\nprogrammes = ["old"]\nsince = 2025-01-01',
    "either": 'kind = "exclusive"\ngroup = "app"',
    "taxes": 'kind = "no_arrears"',
    "local_tax": 'kind = "no_arrears"\ntaxes = ["local"]',
}


def criteria(toml: str) -> tuple[tuple[Criterion, ...], list[Problem]]:
    problems: list[Problem] = []
    return read_criteria(Table(tomllib.loads(toml), problems).tables("eligibility")), problems


def criterion(code: str) -> Criterion:
    found, problems = criteria(f'[[eligibility]]\ncode = "{code}"\nname = "조건"\nlegal = "제3조"\n{RULES[code]}\n')
    assert not problems
    return found[0]


def trade(edition: int | None, code: str) -> Applicant:
    return Applicant(industry_edition=edition, industry_code=code)


def sold(**years: int | None) -> Applicant:
    return Applicant(sales={int(year[1:]): won for year, won in years.items()})


def opened(on: str | None, **years: int | None) -> Applicant:
    return replace(sold(**years), opened_on=date.fromisoformat(on) if on else None)


def had(**supported: str) -> Applicant:
    return Applicant(supported={code: date.fromisoformat(on) for code, on in supported.items()})


def works(number: str | None, code: str = "56193", certificate: bool | None = None) -> Applicant:
    workers = None if number is None else Decimal(number)
    return Applicant(industry_edition=10, industry_code=code, regular_workers=workers, certificate=certificate)


@pytest.mark.parametrize(
    ("rule", "applicant", "passed"),
    [
        ("region", Applicant(region_code="12730"), True),
        ("region", Applicant(region_code="1273025000"), True),
        ("region", Applicant(region_code="46730"), False),  # the code is no longer in use on that day
        ("region", Applicant(region_code="12740"), False),
        ("region", Applicant(), None),
        ("trade", trade(10, "56193"), True),
        ("trade", trade(10, "56211"), False),
        ("trade", trade(10, "68121"), False),
        ("trade", trade(11, "68121"), False),  # two digits hold for every edition
        ("trade", trade(11, "56211"), None),  # the list says nothing of this edition before October
        ("trade", trade(None, ""), None),
        ("chicken", trade(10, "56193"), True),
        ("chicken", trade(10, "56191"), False),
        ("chicken", trade(11, "56162"), None),  # not missed in silence: the file does not speak of the 11th edition
        ("food", trade(11, "56162"), True),
        ("food", trade(11, "56211"), False),
        ("food", trade(10, "47122"), False),
        ("sales_any", sold(y2024=103_999_999, y2025=500_000_000), True),
        ("sales_any", sold(y2024=104_000_000, y2025=104_000_000), False),
        ("sales_any", sold(y2024=0, y2025=0), False),
        ("sales_any", sold(y2024=104_000_000), None),
        ("sales_any", sold(y2025=50_000_000), True),
        ("sales_all", sold(y2024=300_000_000, y2025=0), True),
        ("sales_all", sold(y2024=300_000_001, y2025=None), False),
        ("sales_all", sold(y2024=300_000_000), None),
        ("sales_all", Applicant(), None),
        ("workers", works("4.5"), True),
        ("workers", works("5"), None),  # perhaps within the years of grace
        ("workers", works("5", certificate=False), False),
        ("workers", works("7", certificate=True), True),
        ("workers", works("9.5", code="10712"), True),
        ("workers", works("10", code="49301", certificate=False), False),
        ("workers", works(None), None),
        ("workers", works("1", code=""), None),
        ("opened", Applicant(opened_on=date(2026, 2, 28)), True),
        ("opened", Applicant(opened_on=date(2026, 3, 1)), False),
        ("opened", Applicant(), None),
        ("going", Applicant(tax_status="01"), True),
        ("going", Applicant(tax_status="02"), False),
        ("going", Applicant(tax_status="03"), False),
        ("going", Applicant(), None),  # an outage of the tax office is no closure
        ("resting", Applicant(tax_status="02"), True),
        ("resting", Applicant(tax_status="03"), False),
        ("owner", Applicant(owner_business_count=1), True),
        ("owner", Applicant(owner_business_count=2), False),
        ("owner", Applicant(), None),
        ("member", Applicant(platforms=frozenset({"barogo", "yogiyo"})), True),
        ("member", Applicant(platforms=frozenset()), False),
        ("member", Applicant(), None),
        ("annual", opened("2024-05-01", y2025=103_999_999), True),
        ("annual", opened("2024-05-01", y2025=104_000_000), False),
        # opened in July: six months, so that 52,000,000 stands for 104,000,000
        ("annual", opened("2025-07-15", y2025=52_000_000), False),
        ("annual", opened("2025-07-01", y2025=51_999_999), True),
        ("annual", opened("2025-12-31", y2025=8_666_666), True),  # 103,999,992
        ("annual", opened("2025-12-01", y2025=8_666_667), False),  # 104,000,004
        ("annual", opened("2025-01-31", y2025=103_999_999), True),
        ("annual", opened(None, y2025=50_000_000), None),  # of how many months is not known
        ("annual", opened(None, y2025=104_000_000), False),  # too much already
        ("annual", opened("2025-07-01", y2025=0), False),
        ("annual", opened("2026-02-01"), None),  # no year to look at: nothing to say
        ("annual_all", opened("2025-07-01", y2025=60_000_000), True),  # 2024 is no year of this business
        ("annual_all", opened("2025-07-01", y2025=60_000_001), False),
        ("annual_all", opened("2024-07-01", y2024=60_000_000, y2025=120_000_000), True),
        ("annual_all", opened("2024-07-01", y2025=120_000_000), None),
        ("never_had", had(), True),
        ("never_had", had(other="2026-01-01"), True),
        ("never_had", had(older="2016-01-01"), False),
        ("never_had", Applicant(), None),
        ("had_long_ago", had(old="2024-12-31"), True),
        ("had_long_ago", had(old="2025-01-01"), False),
        ("either", Applicant(taking_part={}), True),
        ("either", Applicant(taking_part={"other": frozenset({"가"})}), True),
        ("either", Applicant(taking_part={"app": frozenset({"가"})}), False),
        ("either", Applicant(), None),
        ("taxes", Applicant(arrears={"national": False, "local": False}), True),
        ("taxes", Applicant(arrears={"national": True}), False),
        ("taxes", Applicant(arrears={"national": False}), None),
        ("taxes", Applicant(), None),
        ("local_tax", Applicant(arrears={"national": True, "local": False}), True),
    ],
)
def test_a_rule_decides_only_what_is_known(rule: str, applicant: Applicant, passed: bool | None) -> None:
    (finding,) = evaluate([criterion(rule)], applicant, BASIS)
    assert finding.passed is passed
    assert (finding.code, finding.legal, finding.name) == (rule, "제3조", "조건")
    assert finding.expected


def test_before_the_reform_the_old_region_code_counts() -> None:
    rules = [criterion("region")]
    for code, passed in (("46730", True), ("12730", False)):
        (finding,) = evaluate(rules, Applicant(region_code=code), Basis(date(2026, 6, 30)))
        assert finding.passed is passed


def test_an_excluded_trade_is_not_passed_when_the_list_was_not_loaded() -> None:
    (finding,) = evaluate([criterion("trade")], trade(10, "56193"), Basis(ON))
    assert finding.passed is None


def test_all_tests_are_answered_and_one_failure_outweighs_what_is_unknown() -> None:
    rules = [criterion("region"), criterion("going"), criterion("owner")]
    applicant = Applicant(region_code="12740", owner_business_count=1)
    findings = evaluate(rules, applicant, BASIS)
    assert [finding.passed for finding in findings] == [False, None, True]
    assert is_eligible(findings) is False
    assert is_eligible(findings[1:]) is None
    assert is_eligible(findings[2:]) is True


def test_the_trace_shows_what_was_expected_and_found() -> None:
    (finding,) = evaluate([criterion("sales_any")], sold(y2024=1, y2025=None), BASIS)
    assert (finding.expected, finding.found) == ("any < 104000000", "2024=1 2025=")
    (finding,) = evaluate([criterion("annual")], opened("2025-08-01", y2025=10), BASIS)
    assert finding.found == "2025=10/5"


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=4),
    st.sampled_from(["any", "all"]),
    st.integers(0, 10),
)
def test_what_is_learned_later_never_overturns_a_decision(sales: list, mode: str, later: int) -> None:
    rule = SalesRule(tuple(range(len(sales))), mode, "<=", 5, allow_zero=True)
    before = rule.decide(Applicant(sales=dict(enumerate(sales))), BASIS).passed
    filled = {year: later if won is None else won for year, won in enumerate(sales)}
    after = rule.decide(Applicant(sales=filled), BASIS).passed
    assert after is not None
    assert before in (None, after)


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=3),
    st.sampled_from(["any", "all"]),
    st.booleans(),
    st.integers(1, 12),
)
def test_a_day_of_opening_learned_later_overturns_nothing_either(
    sales: list, mode: str, allow_zero: bool, month: int
) -> None:
    rule = SalesRule(tuple(range(2020, 2020 + len(sales))), mode, "<=", 5, allow_zero, annualise=True)
    known = Applicant(sales=dict(enumerate(sales, 2020)))
    before = rule.decide(known, BASIS).passed
    # whoever sold something in a year was open in it
    first = next((year for year, won in known.sales.items() if won), 2020)
    after = rule.decide(replace(known, opened_on=date(first, month, 1)), BASIS).passed
    assert before in (None, after)


def test_every_kind_has_a_rule_tested_here() -> None:
    assert {criterion(code).kind for code in RULES} == set(KINDS)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ('kind = "horoscope"', ["unknown_choice"]),
        ('kind = "region"', ["missing"]),
        ('kind = "region"\nregions = [{ code = "구례" }]', ["not_a_region"]),
        ('kind = "industry"', ["missing"]),
        ('kind = "industry"\ninclude = [{ edition = 10, codes = ["5"] }]', ["not_an_industry"]),
        ('kind = "sales"\nyears = []\nop = "="\namount = 1.5', ["not_a_list", "unknown_choice", "not_an_integer"]),
        ('kind = "regular_workers"\nbelow = 0', ["not_an_integer"]),
        ('kind = "opened_before"\nbefore = "어제"', ["not_a_date"]),
        ('kind = "not_closed"\nallow_suspended = "아니오"', ["not_a_flag"]),
        ('kind = "one_per_owner"\nlimt = 2', ["unknown_key"]),
        ('kind = "platform"', ["missing"]),
        ('kind = "former_support"', ["missing"]),
        ('kind = "former_support"\nprogrammes = ["a"]\nsince = "전에"', ["not_a_date"]),
        ('kind = "exclusive"\ngroup = ""', ["not_text"]),
        ('kind = "no_arrears"\ntaxes = ["지방세"]', ["unknown_choice"]),
    ],
)
def test_a_faulty_rule_is_noted_with_every_fault(body: str, codes: list[str]) -> None:
    _, problems = criteria(f'[[eligibility]]\ncode = "x"\nname = "조건"\nlegal = "제3조"\n{body}\n')
    assert [problem.code for problem in problems] == codes
