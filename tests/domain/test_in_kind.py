"""The rules of services in kind: the call's table, proposals, choices within a grant, invoices that add up."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.announcements import read_announcement
from portal.domain.errors import FileRefused
from portal.domain.invoices import Delivered, FileInvoice, approval_number, by_grant, invoice_problems
from portal.domain.proposals import OfferService, SignAgreement, agreement_problems, offer_problems
from portal.domain.service_passes import answer_until, choice_problems, ruling_problems, valid_until
from portal.domain.terms import parse_terms
from tests.in_kind import TEXT

TODAY = date(2026, 9, 1)
NUMBER = "20260901-41000012-00000001"
GIVEN = (Delivered(1, 7, 300_000, 30_000), Delivered(2, 7, 150_000, 0), Delivered(3, 9, 500_000, 50_000))


def test_the_call_of_2020_chooses_six_platforms_and_pays_no_costs() -> None:
    services = read_announcement(TEXT).services
    assert services is not None
    assert services.selection.places == 6
    assert list(services.names) == ["mobile_promotion", "leaflet", "consulting", "platform"]
    assert parse_terms(TEXT).items == ()
    assert services.calls(date(2026, 6, 30))
    assert not services.calls(date(2026, 7, 1))


@pytest.mark.parametrize(
    ("won", "taxable", "vat"), [(500_000, True, 50_000), (99_999, True, 9_999), (99_999, False, 0), (1, True, 0)]
)
def test_tax_is_a_tenth_of_the_supply_value_without_single_won(won: int, taxable: bool, vat: int) -> None:
    services = read_announcement(TEXT).services
    assert services is not None
    assert services.vat_of(won, taxable=taxable) == vat


@pytest.mark.parametrize(
    ("there", "instead", "code"),
    [
        ('kind = "fixed"', 'kind = "up_to"', "services_need_fixed"),
        ("places = 6\n", "", "missing"),
        ("proposals_to = 2026-06-30", "proposals_to = 2026-04-30", "ends_before_it_begins"),
        ('code = "leaflet"', 'code = "consulting"', "repeated"),
        ("points = 50", "points = 51", "points_not_100"),
        ("valid_days = 60", "valid_days = 0", "not_an_integer"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_refused(there: str, instead: str, code: str) -> None:
    assert there in TEXT
    with pytest.raises(FileRefused) as refused:
        read_announcement(TEXT.replace(there, instead, 1))
    assert code in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("kind", "won", "codes"),
    [
        ("leaflet", 500_000, []),
        ("leaflet", 500_001, ["offer_out_of_range"]),
        ("leaflet", 0, ["offer_out_of_range"]),
        ("cash", 1, ["unknown_choice"]),
    ],
)
def test_only_services_of_the_call_that_one_grant_can_pay_are_offered(kind: str, won: int, codes: list[str]) -> None:
    command = OfferService(kind, "전단 2천 장", "시안 뒤 7일 안에 드립니다.", won)
    assert [problem.code for problem in offer_problems(command, ("leaflet",), 500_000)] == codes


@pytest.mark.parametrize(
    ("number", "signed", "ends", "codes"),
    [
        ("제1호", date(2026, 9, 1), date(2026, 12, 31), []),
        ("", date(2026, 9, 1), date(2026, 12, 31), ["required"]),
        ("제1호", date(2026, 9, 2), date(2026, 12, 31), ["date_in_future"]),
        ("제1호", date(2026, 9, 1), date(2026, 8, 31), ["ends_before_it_begins"]),
    ],
)
def test_an_agreement_is_signed_by_today_and_ends_later(
    number: str, signed: date, ends: date, codes: list[str]
) -> None:
    found = agreement_problems(SignAgreement(number, signed, ends), on=TODAY)
    assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(
    ("won", "taken", "until", "codes"),
    [
        (200_000, 300_000, date(2026, 9, 1), []),
        (200_001, 300_000, date(2026, 9, 1), ["grant_used_up"]),
        (1, 0, date(2026, 8, 31), ["agreement_over"]),
    ],
)
def test_a_service_is_chosen_within_what_is_left_of_the_grant(
    won: int, taken: int, until: date, codes: list[str]
) -> None:
    found = choice_problems(won, granted=500_000, taken=taken, agreed_until=until, on=TODAY)
    assert [problem.code for problem in found] == codes


def test_a_pass_never_outlives_the_agreement() -> None:
    assert valid_until(date(2026, 9, 1), 60, date(2026, 12, 31)) == date(2026, 10, 31)
    assert valid_until(date(2026, 12, 1), 60, date(2026, 12, 31)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("on", "words", "codes"),
    [
        (date(2026, 9, 16), "증빙을 보았습니다.", []),
        (date(2026, 9, 15), "증빙을 보았습니다.", ["pass_not_due"]),
        (date(2026, 9, 16), "봄", ["words_too_short"]),
    ],
)
def test_an_official_decides_after_the_days_of_the_programme_and_says_why(
    on: date, words: str, codes: list[str]
) -> None:
    services = read_announcement(TEXT).services
    assert services is not None
    until = answer_until(TODAY, services.answer_days)
    assert [problem.code for problem in ruling_problems(words, until, on=on)] == codes


def test_a_programme_that_says_nothing_of_answering_gives_as_long_as_a_pass_waits() -> None:
    silent = TEXT.replace("answer_days = 14\n", "").replace('  "services.answer_days",\n', "")
    services = read_announcement(silent).services
    assert services is not None
    assert services.answer_days == services.valid_days == 60


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"supply_value": 950_001}, ["invoice_differs"]),
        ({"vat": 79_999}, ["invoice_differs"]),
        ({"number": "20260901-4100"}, ["invoice_number"]),
        ({"issued_on": date(2026, 9, 2)}, ["date_in_future"]),
        ({"passes": (1, 2)}, ["not_to_be_invoiced"]),
        ({"passes": (1, 2, 3, 3)}, ["not_to_be_invoiced"]),
        ({"passes": (1, 2, 3, 4)}, ["not_to_be_invoiced"]),
    ],
)
def test_an_invoice_comes_to_its_services_to_the_won(change: dict[str, object], codes: list[str]) -> None:
    said: dict[str, object] = {"supply_value": 950_000, "vat": 80_000, "passes": (1, 2, 3)}
    command = FileInvoice(**({"number": NUMBER, "issued_on": TODAY} | said | change))  # ty: ignore[invalid-argument-type]
    assert [problem.code for problem in invoice_problems(command, GIVEN, on=TODAY)] == codes


def test_an_invoice_is_paid_out_of_each_grant_without_its_tax() -> None:
    assert by_grant(GIVEN) == {7: (2, 450_000), 9: (1, 500_000)}
    assert approval_number("20260901-4100abcd-00000001") == "202609014100ABCD00000001"
