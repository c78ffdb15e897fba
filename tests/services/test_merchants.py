"""Registering business places: what is kept, what is refused, and what never stands in the database in the clear."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.domain.errors import AlreadyDone, Incomplete, NotFound
from portal.models.audit import AuditEvent
from portal.queries import programmes
from portal.queries.merchants import sales_years
from portal.services import applications, merchants
from tests import applying
from tests.applying import register, registration
from tests.factories import AT, actor, make_merchant_user, make_programme

REFORM = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


def test_everything_stated_is_kept(session: Session) -> None:
    owner = make_merchant_user(session)
    place = merchants.register(session, registration(), by=actor(owner), at=AT)
    session.expire_all()
    assert (place.business_number, place.trade_name, place.region_system) == ("1248100998", "구례식당", "bjd")
    assert (place.regular_workers_tenths, place.account_number) == (25, "3010123456781")
    assert {row.year: row.amount for row in place.sales} == {2024: 90_000_000, 2025: 120_000_000}
    assert (place.owner_id, place.registered_at) == (owner.id, AT)


def test_the_account_number_does_not_stand_in_the_database(session: Session) -> None:
    register(session, make_merchant_user(session))
    stored, index = session.execute(text("SELECT account_number, account_index FROM merchant")).one()
    assert b"3010123456781" not in bytes(stored)
    assert "3010123456781" not in index


def test_the_same_account_has_the_same_index_and_another_another(session: Session) -> None:
    owner = make_merchant_user(session)
    first = register(session, owner, serial=1)
    second = register(session, owner, serial=2, bank_code="012")
    third = register(session, owner, serial=3, account_number="3010123456782")
    assert first.account_index == second.account_index != third.account_index


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"business_number": "1248100999"}, "business_number", "business_number_check"),
    ({"trade_name": "  "}, "trade_name", "required"),
    ({"address": "가" * 201}, "address", "too_long"),
    ({"phone": "1234"}, "phone", "phone_invalid"),
    ({"region_code": "1273025000"}, "region_code", "unknown_choice"),
    ({"region_code": "46"}, "region_code", "unknown_choice"),
    ({"region_code": "9999999999"}, "region_code", "unknown_choice"),
    ({"industry_code": "99999"}, "industry_code", "unknown_choice"),
    ({"industry_edition": 8}, "industry_code", "unknown_choice"),
    ({"bank_code": "999"}, "bank_code", "unknown_choice"),
    ({"opened_on": date(2026, 6, 16)}, "opened_on", "date_in_future"),
    ({"regular_workers": Decimal("2.3")}, "regular_workers", "workers_not_halves"),
    ({"regular_workers": Decimal(-1)}, "regular_workers", "workers_not_halves"),
    ({"sales": {2025: -1}}, "sales_2025", "won_negative"),
    ({"account_number": "123"}, "account_number", "account_number_invalid"),
    ({"account_number": ""}, "account_number", "account_number_invalid"),
]


@pytest.mark.parametrize(("changes", "field", "code"), WRONG)
def test_a_wrong_statement_is_refused_at_its_field(
    session: Session, changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        merchants.register(session, registration(**changes), by=actor(make_merchant_user(session)), at=AT)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


def test_all_that_is_wrong_is_said_at_once(session: Session) -> None:
    command = registration(phone="1", bank_code="9", trade_name="")
    with pytest.raises(Incomplete) as refused:
        merchants.register(session, command, by=actor(make_merchant_user(session)), at=AT)
    assert {problem.field for problem in refused.value.problems} == {"trade_name", "phone", "bank_code"}


def test_the_regions_of_the_day_are_taken(session: Session) -> None:
    owner = actor(make_merchant_user(session))
    place = merchants.register(session, registration(region_code="1273025000"), by=owner, at=REFORM)
    assert place.region_code == "1273025000"
    with pytest.raises(Incomplete):
        merchants.register(session, registration(business_number="1208800767"), by=owner, at=REFORM)


def test_a_registered_number_is_refused(session: Session) -> None:
    register(session, make_merchant_user(session))
    with pytest.raises(AlreadyDone) as refused:
        register(session, make_merchant_user(session))
    assert refused.value.problems[0].field == "business_number"


def test_a_change_is_kept_and_the_audit_trail_names_the_fields_but_no_values(session: Session) -> None:
    owner = make_merchant_user(session)
    place = register(session, owner)
    command = registration(
        business_number=place.business_number, account_number="11122233344455", sales={2025: 1, 2023: 2}
    )
    merchants.update(session, place.id, command, by=actor(owner), at=AT)
    session.expire_all()
    assert {row.year: row.amount for row in place.sales} == {2023: 2, 2025: 1}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "update")).one()
    changed = {"account_number", "account_index", "sales_2023", "sales_2024", "sales_2025"}
    assert set(event.details["changed"]) == changed if event.details else False
    assert "11122233344455" not in str(event.details)


def test_an_account_left_empty_stays(session: Session) -> None:
    owner = make_merchant_user(session)
    place = register(session, owner)
    command = registration(business_number=place.business_number, account_number="", phone="0617801234")
    merchants.update(session, place.id, command, by=actor(owner), at=AT)
    assert (place.account_number, place.phone) == ("3010123456781", "0617801234")


def test_another_owners_place_does_not_exist(session: Session) -> None:
    place = register(session, make_merchant_user(session))
    with pytest.raises(NotFound):
        merchants.update(session, place.id, registration(), by=actor(make_merchant_user(session)), at=AT)


def test_a_change_tests_the_conditions_of_drafts_anew(session: Session) -> None:
    owner, programme = make_merchant_user(session), make_programme(session)
    draft = applying.start(session, programme, owner)
    assert finding(draft, "sales")["passed"] is True
    command = registration(business_number=draft.merchant.business_number, sales={2025: 300_000_001})
    merchants.update(session, draft.merchant_id, command, by=actor(owner), at=AT)
    assert finding(draft, "sales")["passed"] is False


def test_the_number_stays_once_an_application_was_handed_in(session: Session, stores: Any) -> None:
    owner, programme = make_merchant_user(session), make_programme(session)
    draft = applying.ready(session, stores, programme, owner)
    command = registration(business_number="1248100998")
    merchants.update(session, draft.merchant_id, command, by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    with pytest.raises(Incomplete) as refused:
        merchants.update(session, draft.merchant_id, registration(business_number="1208800767"), by=actor(owner), at=AT)
    assert refused.value.problems[0].code == "business_number_fixed"


def test_the_sales_of_the_last_two_years_and_of_open_programmes_are_asked(session: Session) -> None:
    make_programme(session)
    calls = programmes.open_calls(session, at=AT)
    assert sales_years(calls, date(2028, 3, 1)) == (2027, 2026, 2025)
    assert sales_years([], date(2026, 6, 15)) == (2025, 2024)


def finding(application: Any, code: str) -> dict[str, Any]:
    return next(each for each in application.findings if each["code"] == code)
