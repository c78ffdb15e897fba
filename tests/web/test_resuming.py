"""Forms sent with a token of another session, or after it ended: ours come back filled, another site's never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus
from portal.models.accounts import User
from portal.models.merchants import Merchant
from portal.storage.objects import Stores
from tests import pages
from tests.cases import Applied, apply
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import PASSWORD, make_merchant_user, make_official, make_programme

Doors = Callable[[User], PortalClient]
NEW = "/my/merchants/new"
FILLED = {"trade_name": "구례식당", "representative": "김사장"}
OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {"Referer": "http://localhost/my/merchants/new"},
]
FOREIGN = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null", "Referer": "http://localhost/"},
    {"Referer": "http://localhost.evil.example/"},
]


@pytest.fixture
def case(session: Session, stores: Stores) -> Applied:
    return apply(session, stores, make_programme(session))


def stale(
    client: PortalClient, url: str, headers: dict[str, str], filled: dict[str, str] | None = None
) -> TestResponse:
    return client.post(url, data={"csrf_token": "of a session before", **(filled or {})}, headers=headers)


@pytest.mark.parametrize("headers", OURS)
def test_a_form_of_a_session_before_comes_back_filled_and_does_nothing(
    client_of: Doors, session: Session, headers: dict[str, str]
) -> None:
    client = client_of(make_merchant_user(session))
    answer = stale(client, NEW, headers, FILLED)
    assert answer.status_code == 400
    assert "화면이 오래되어 처리하지 못했습니다" in answer.text
    carried = pages.fields(answer)
    assert FILLED.items() <= carried.items()
    assert carried["csrf_token"] != "of a session before"
    back = client.submit(NEW, carried)
    assert back.status_code == 200
    assert 'value="구례식당"' in back.text
    assert session.scalar(select(func.count(Merchant.id))) == 0


def test_what_a_new_visitor_typed_comes_back_without_signing_in(client: PortalClient) -> None:
    answer = stale(client, "/join", OURS[0], {"name": "김사장", "password": PASSWORD})
    assert PASSWORD not in answer.text
    back = client.submit("/join", pages.fields(answer))
    assert 'value="김사장"' in back.text


def test_a_form_waiting_on_the_sign_in_page_outlives_signing_in_elsewhere(client_of: Doors, session: Session) -> None:
    user = make_merchant_user(session)
    client = client_of(user)
    waiting = {"resume_url": NEW, "resume-trade_name": "구례식당", "login": user.login, "password": PASSWORD}
    carried = pages.fields(stale(client, "/login", OURS[0], waiting))
    assert 'value="구례식당"' in client.submit(NEW, carried).text
    assert PASSWORD not in carried.values()


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_s_values_are_shown_to_nobody_and_the_cookie_stays(
    client: PortalClient, client_of: Doors, session: Session, headers: dict[str, str]
) -> None:
    for visitor, status in ((client, 401), (client_of(make_merchant_user(session)), 400)):
        answer = stale(visitor, NEW, headers, FILLED)
        assert answer.status_code == status
        assert "구례식당" not in answer.text
        assert answer.headers.getlist("Set-Cookie") == []
    assert stale(client, "/nowhere", headers).headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("headers", OURS)
def test_a_page_of_ours_is_asked_to_sign_in_and_keeps_its_values(client: PortalClient, headers: dict[str, str]) -> None:
    answer = stale(client, NEW, headers, FILLED)
    assert answer.status_code == 401
    assert pages.fields(answer)["resume-trade_name"] == "구례식당"


@pytest.mark.parametrize(
    ("before", "leads_to"),
    [("{case}", "{case}"), ("", "/office/applications"), ("//evil.example", "/office/applications"),
     ("{case}/take-up", "/office/applications"), ("/nowhere", "/office/applications")],
)  # fmt: skip
def test_a_button_without_a_form_must_be_pressed_again_and_does_nothing_by_itself(
    client_of: Doors, session: Session, case: Applied, before: str, leads_to: str
) -> None:
    page = f"/office/applications/{case.id}"
    client = client_of(make_official(session, Role.REVIEWER))
    answer = client.submit(f"{page}/take-up", {"_resume": "1", "_from": before.format(case=page)})
    assert (answer.status_code, answer.location.split("?")[0]) == (303, leads_to.format(case=page))
    assert "다시 로그인했습니다. 한 번 더 눌러 주세요." in client.get(answer.location).text
    assert case.application.status is ApplicationStatus.SUBMITTED


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(
    client_of: Doors, session: Session, case: Applied, clock: Clock
) -> None:
    page, reviewer = f"/office/applications/{case.id}", make_official(session, Role.REVIEWER)
    client = client_of(reviewer)
    clock.shift(timedelta(hours=1))
    asked = client.submit(f"{page}/take-up", headers={"Referer": f"http://localhost{page}"})
    signed_in = client.submit("/login", pages.fields(asked) | {"login": reviewer.login, "password": PASSWORD})
    assert client.submit(f"{page}/take-up", pages.fields(signed_in)).location == page
    assert case.application.status is ApplicationStatus.SUBMITTED
    assert client.submit(f"{page}/take-up").status_code == 302
    assert case.application.status is ApplicationStatus.IN_REVIEW
