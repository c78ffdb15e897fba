"""The merchant's pages for business places: every success beside its refusals, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models.merchants import Merchant
from tests import applying, pages
from tests.applying import merchant_fields
from tests.clients import PortalClient
from tests.factories import make_merchant_user, make_programme

ClientOf = Callable[..., PortalClient]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Merchant)) or 0


def test_a_business_is_registered_and_its_account_shown_masked(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    browser = client_of(make_merchant_user(session))
    answer = browser.submit("/my/merchants/new", merchant_fields())
    assert answer.status_code == 302
    page = browser.get("/my/merchants")
    assert "124-81-00998" in page.text
    assert "*********6781" in page.text
    assert "3010123456781" not in page.text


REFUSED = [
    ("business_number", "124-81-00999", "사업자등록번호가 맞지 않습니다"),
    ("business_number", "12481", "숫자 10자리"),
    ("trade_name", "", "상호"),
    ("phone", "1234", "전화번호를 확인해"),
    ("region_code", "1273025000", "목록에 있는 항목"),  # valid from the reform on 1 July
    ("industry_code", "99999", "목록에 있는 항목"),
    ("bank_code", "999", "목록에 있는 항목"),
    ("opened_on", "2026-07-01", "오늘보다 뒤의 날짜"),
    ("regular_workers", "2.3", "0.5명 단위"),
    ("account_number", "1234", "숫자 10~16자리"),
    ("account_number", "", "계좌번호"),
    ("sales_2025", "-5", "0원 이상"),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), REFUSED)
def test_what_is_wrong_is_said_at_its_field_and_everything_stays_typed(
    session: Session, client_of: ClientOf, field: str, typed: str, sentence: str
) -> None:
    make_programme(session)
    browser = client_of(make_merchant_user(session))
    answer = browser.submit("/my/merchants/new", merchant_fields(**{field: typed}))
    assert answer.status_code == 422
    assert any(sentence in problem for problem in pages.problems(answer)), pages.problems(answer)
    assert f'href="#{field}"' in answer.text
    assert "봉성로 1" in answer.text
    assert count(session) == 0


def test_a_number_that_is_registered_is_refused_without_a_word_about_its_owner(
    session: Session, client_of: ClientOf
) -> None:
    other = make_merchant_user(session)
    applying.register(session, other, business_number="1248100998", trade_name="남의가게")
    browser = client_of(make_merchant_user(session))
    answer = browser.submit("/my/merchants/new", merchant_fields())
    assert answer.status_code == 409
    assert any("이미 등록된 사업자등록번호" in problem for problem in pages.problems(answer))
    assert "남의가게" not in answer.text
    assert count(session) == 1


def test_the_account_stays_when_the_box_is_left_empty(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    place = applying.register(session, owner, business_number="1248100998")
    browser = client_of(owner)
    shown = browser.get(f"/my/merchants/{place.id}/edit")
    assert "3010123456781" not in shown.text
    assert "6781" in shown.text
    fields = merchant_fields(account_number="", trade_name="새구례식당")
    assert browser.submit(f"/my/merchants/{place.id}/edit", fields).status_code == 302
    session.refresh(place)
    assert (place.trade_name, place.account_number) == ("새구례식당", "3010123456781")


def test_another_persons_business_does_not_exist(session: Session, client_of: ClientOf) -> None:
    place = applying.register(session, make_merchant_user(session), business_number="1248100998")
    browser = client_of(make_merchant_user(session))
    assert browser.get(f"/my/merchants/{place.id}/edit").status_code == 404
    assert browser.submit(f"/my/merchants/{place.id}/edit", merchant_fields()).status_code == 404


def test_a_visitor_is_asked_to_sign_in_and_finds_the_form_as_it_was(session: Session, client: PortalClient) -> None:
    make_programme(session)
    owner = make_merchant_user(session)
    answer = client.submit("/my/merchants/new", merchant_fields())
    assert answer.status_code == 401
    carried = {name: value for name, value in pages.fields(answer).items() if name.startswith("resume")}
    assert carried["resume-trade_name"] == "구례식당"
    signing_in = {"login": owner.login, "password": "a-password-for-tests", **carried}
    resumed = client.submit("/login", signing_in)
    back = client.submit(carried["resume_url"], {**pages.fields(resumed), "csrf_token": pages.token(resumed) or ""})
    assert back.status_code == 200
    assert "구례식당" in back.text
    assert count(session) == 0


def test_the_list_takes_the_same_number_of_statements_for_one_and_for_ten(
    session: Session, client_of: ClientOf, statement_counter: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    owner = make_merchant_user(session)
    applying.register(session, owner)
    browser = client_of(owner)
    with statement_counter() as few:
        browser.get("/my/merchants")
    for serial in range(2, 12):
        applying.register(session, owner, serial=serial)
    session.commit()
    with statement_counter() as many:
        assert browser.get("/my/merchants").status_code == 200
    assert len(many) == len(few)
    assert len(many) <= 6
