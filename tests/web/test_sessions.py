"""Signing in, staying signed in, and being asked again without losing what was typed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.models.accounts import LoginSession, User
from portal.services import issuing, sessions
from tests import pages
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import PASSWORD, make_merchant_user

NEW_PASSWORD = "another-password-for-tests"
Doors = Callable[[User], PortalClient]
Patch = pytest.MonkeyPatch


def signed_in(client: PortalClient) -> bool:
    return client.get("/account/password").status_code == 200


def cookie(client: PortalClient) -> str:
    found = client.get_cookie("session")
    return found.value if found else ""


def attempt(client: PortalClient, user: User, password: str = PASSWORD) -> int:
    return client.submit("/login", {"login": user.login, "password": password}).status_code


def test_a_person_signs_up_signs_in_and_signs_out(client: PortalClient) -> None:
    filled = {"name": "김사장", "login": "kim@example.kr", "password": PASSWORD, "repeat": PASSWORD}
    assert client.submit("/join", filled).location == "/login"
    assert client.submit("/login", {"login": "kim@example.kr", "password": PASSWORD}).status_code == 302
    assert signed_in(client)
    assert client.submit("/logout").status_code == 302
    assert not signed_in(client)


def test_a_sign_up_with_mistakes_says_each_and_keeps_what_was_typed_but_no_password(client: PortalClient) -> None:
    answer = client.submit("/join", {"name": "김사장", "login": "kim", "password": "short", "repeat": "other"})
    assert answer.status_code == 422
    assert len(pages.problems(answer)) == 3
    assert 'value="김사장"' in answer.text
    assert 'value="kim"' in answer.text
    assert "short" not in answer.text


def test_a_login_already_taken_is_said_at_its_field(client: PortalClient, session: Session) -> None:
    user = make_merchant_user(session)
    filled = {"name": "김사장", "login": user.login, "password": PASSWORD, "repeat": PASSWORD}
    answer = client.submit("/join", filled)
    assert answer.status_code == 409
    assert len(pages.problems(answer)) == 1
    assert 'value="김사장"' in answer.text


def test_a_wrong_password_and_an_unknown_login_look_the_same(client: PortalClient, session: Session) -> None:
    user = make_merchant_user(session)
    known = client.submit("/login", {"login": user.login, "password": "not-the-password"})
    unknown = client.submit("/login", {"login": "nobody@example.kr", "password": "not-the-password"})
    assert known.status_code == unknown.status_code == 422
    assert pages.problems(known) == pages.problems(unknown) != []


def test_five_failures_lock_for_a_quarter_of_an_hour(client: PortalClient, session: Session, clock: Clock) -> None:
    user = make_merchant_user(session)
    assert [attempt(client, user, "not-the-password") for _ in range(6)] == [422] * 5 + [429]
    assert attempt(client, user) == 429
    clock.shift(sessions.LOCK)
    assert attempt(client, user) == 429
    clock.shift(timedelta(seconds=1))
    assert attempt(client, user) == 302


def test_a_session_ended_on_the_server_asks_to_sign_in_at_the_next_request(
    client_of: Doors, session: Session, at: datetime
) -> None:
    client = client_of(make_merchant_user(session))
    assert signed_in(client)
    session.scalars(select(LoginSession)).one().ended_at = at
    assert client.get("/account/password").location == "/login?next=/account/password"


def test_a_cookie_kept_from_before_signing_out_opens_nothing(client_of: Doors, session: Session) -> None:
    client = client_of(make_merchant_user(session))
    kept = cookie(client)
    client.submit("/logout")
    client.set_cookie("session", kept)
    assert not signed_in(client)


def test_an_idle_session_ends_and_a_used_one_does_not(
    client_of: Doors, session: Session, clock: Clock, settings: Settings
) -> None:
    client = client_of(make_merchant_user(session))
    for _ in range(3):
        clock.shift(timedelta(minutes=settings.idle_minutes - 1))
        assert signed_in(client)
    clock.shift(timedelta(minutes=settings.idle_minutes, seconds=1))
    assert not signed_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(client_of: Doors, session: Session, clock: Clock) -> None:
    client = client_of(make_merchant_user(session))
    for _ in range(36):
        assert signed_in(client)
        clock.shift(timedelta(minutes=20))
    assert signed_in(client)
    clock.shift(timedelta(seconds=1))
    assert not signed_in(client)


def test_a_closed_account_is_signed_out_at_once(client_of: Doors, session: Session) -> None:
    user = make_merchant_user(session)
    client = client_of(user)
    user.active = False
    assert not signed_in(client)


def test_changing_the_password_signs_out_every_browser(client_of: Doors, session: Session) -> None:
    user = make_merchant_user(session)
    here, there = client_of(user), client_of(user)
    filled = {"current": PASSWORD, "new": NEW_PASSWORD, "repeat": NEW_PASSWORD}
    assert here.submit("/account/password", filled).status_code == 302
    assert not signed_in(here)
    assert not signed_in(there)
    assert attempt(there, user, NEW_PASSWORD) == 302


def test_signing_in_makes_a_new_cookie_and_a_new_form_token(client: PortalClient, session: Session) -> None:
    user = make_merchant_user(session)
    before, token = cookie(client), pages.token(client.get("/login"))
    client.set_cookie("session", cookie(client))
    attempt(client, user)
    assert cookie(client) not in ("", before)
    stale = client.post("/logout", data={"csrf_token": token})
    assert stale.status_code == 400
    assert signed_in(client)


@pytest.mark.parametrize("data", [{}, {"csrf_token": ""}, {"csrf_token": "forged"}])
def test_a_form_without_its_token_is_refused_and_does_nothing(
    client_of: Doors, session: Session, data: dict[str, str]
) -> None:
    user = make_merchant_user(session)
    client = client_of(user)
    filled = {"current": PASSWORD, "new": NEW_PASSWORD, "repeat": NEW_PASSWORD} | data
    assert client.post("/account/password", data=filled).status_code == 400
    assert client.post("/logout", data=data).status_code == 400
    assert signed_in(client)


def test_another_person_s_token_is_refused(client_of: Doors, session: Session) -> None:
    mine, theirs = client_of(make_merchant_user(session)), client_of(make_merchant_user(session))
    token = pages.token(theirs.get("/account/password"))
    assert mine.post("/logout", data={"csrf_token": token}).status_code == 400
    assert signed_in(mine)


@pytest.mark.parametrize(
    ("onward", "leads_to"),
    [
        ("/account/password", "/account/password"),
        ("/account/password?a=1", "/account/password?a=1"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example/", None),
        ("javascript:alert(1)", None),
        ("/\t/evil.example", None),
        ("", None),
    ],
)
def test_signing_in_leads_on_within_the_portal_only(
    client: PortalClient, session: Session, onward: str, leads_to: str | None
) -> None:
    user = make_merchant_user(session)
    answer = client.submit("/login", {"login": user.login, "password": PASSWORD}, query_string={"next": onward})
    assert answer.location == (leads_to or "/my/")


@pytest.mark.parametrize("onward", ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example"])
def test_choosing_a_language_leads_back_within_the_portal_only(client: PortalClient, onward: str) -> None:
    assert client.submit("/language", {"language": "en", "next": onward}).location == "/"


def test_a_form_filled_while_the_session_ended_comes_back_filled_and_does_nothing_by_itself(
    client_of: Doors, session: Session, clock: Clock, settings: Settings
) -> None:
    user = make_merchant_user(session)
    client = client_of(user)
    client.get("/my/merchants/new")
    clock.shift(timedelta(minutes=settings.idle_minutes, seconds=1))

    asked = client.submit("/my/merchants/new", {"trade_name": '구례 "식당"', "representative": "김사장"})
    assert asked.status_code == 401
    kept = pages.fields(asked)
    assert '구례 "식당"' in kept.values()

    brought_back = client.submit("/login", kept | {"login": user.login, "password": PASSWORD})
    assert brought_back.status_code == 200
    carried = pages.fields(brought_back)
    assert '구례 "식당"' in carried.values()

    filled = client.submit("/my/merchants/new", carried)
    assert filled.status_code == 200
    assert "구례 &#34;식당&#34;" in filled.text
    assert "김사장" in filled.text
    assert pages.problems(filled) == []


def test_a_password_typed_before_the_session_ended_is_not_carried_along(
    client_of: Doors, session: Session, clock: Clock, settings: Settings
) -> None:
    client = client_of(make_merchant_user(session))
    client.get("/account/password")
    clock.shift(timedelta(minutes=settings.idle_minutes, seconds=1))
    filled = {"current": PASSWORD, "new": NEW_PASSWORD, "repeat": NEW_PASSWORD}
    asked = client.submit("/account/password", filled)
    assert asked.status_code == 401
    assert PASSWORD not in asked.text
    assert NEW_PASSWORD not in asked.text


def test_the_health_probe_answers_after_a_database_write(client: PortalClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


@pytest.mark.parametrize("url", ["/", "/login", "/join", "/nowhere"])
def test_every_page_carries_the_security_headers(client: PortalClient, url: str) -> None:
    headers = client.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "'nonce-'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    for crumb in headers.getlist("Set-Cookie"):
        assert "HttpOnly" in crumb
        assert "SameSite=Lax" in crumb


def test_a_refusal_before_the_page_carries_them_too(client: PortalClient) -> None:
    assert "'nonce-'" not in client.post("/login").headers["Content-Security-Policy"]


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_in_production_browsers_stay_with_https_and_keep_the_cookie_to_it(settings: Settings, mode: str) -> None:
    try:
        app = importlib.import_module("portal.app").create_app(replace(settings, mode=mode))
        answer = app.test_client().get("/login")
    finally:
        issuing.configure(settings.base_url, demo=settings.demo)
    assert ("Strict-Transport-Security" in answer.headers) == (mode == "production")
    assert ("Secure" in answer.headers["Set-Cookie"]) == (mode == "production")


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        ("MAX_CONTENT_LENGTH", "multipart/form-data"),
        ("MAX_FORM_MEMORY_SIZE", "multipart/form-data"),
        ("MAX_FORM_MEMORY_SIZE", "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_too_large_is_told_the_limits_and_that_nothing_was_saved(
    app: Flask, client_of: Doors, client: PortalClient, session: Session, monkeypatch: Patch, limit: str, kind: str
) -> None:
    visitors = (client, client_of(make_merchant_user(session)))
    monkeypatch.setitem(app.config, limit, 1024 * 1024)
    for visitor in visitors:
        typed = {"trade_name": "x" * 1_100_000}
        answer = visitor.submit("/my/merchants/new", typed, content_type=kind)
        assert answer.status_code == 413
        assert "1MB까지입니다" in answer.text or "합쳐 1MB" in answer.text
        assert "저장된 것은 없습니다" in answer.text
