"""The token endpoint and the door behind it: OAuth2 client credentials, scopes, and nothing for a stranger."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.api_clients import TOKEN_LIFETIME, Scope
from portal.services import api_clients
from portal.web.partner.operations import Operation
from portal.web.routing import table_of
from tests.api import Program, program, register
from tests.clocks import Clock
from tests.factories import AT, actor, make_official


@pytest.fixture
def asking(app: Flask, session: Session) -> Program:
    return program(app, session, register(session))


def test_a_token_says_what_it_is_good_for(asking: Program) -> None:
    answer = asking.get_token("links:read")
    assert answer.headers["Cache-Control"] == "no-store"
    assert {**answer.json, "access_token": "?"} == {
        "access_token": "?",
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "scope": "links:read",
    }
    shown = asking.get("/client").json
    assert (shown["platform"], shown["sandbox"], shown["scopes"]) == ("baemin", False, ["links:read"])


def test_the_secret_may_stand_in_the_form_too(asking: Program) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": asking.issued.client.public_id,
        "client_secret": asking.issued.secret,
    }
    answer = asking.send("POST", "/token", data=form, headers={})
    assert (answer.status_code, set(answer.json["scope"].split())) == (200, {scope.value for scope in Scope})


@pytest.mark.parametrize("secret", ["wrong", "", "ieums_" + "A" * 43])
def test_a_wrong_secret_gets_no_token(asking: Program, secret: str) -> None:
    answer = asking.get_token(secret=secret)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert "Basic" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic !!", "Basic /w==", "Basic " + "A" * 999, "x y"])
def test_a_broken_authorization_is_refused_like_a_wrong_one(asking: Program, header: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "a\x00b", "client_secret": "\u3131"}
    for sent in ({"grant_type": "client_credentials"}, form):
        answer = asking.send("POST", "/token", data=sent, headers={"Authorization": header})
        assert (answer.status_code in (400, 401), answer.json["error"]) == (True, "invalid_client")


def test_an_unknown_client_is_answered_like_one_with_a_wrong_secret(asking: Program) -> None:
    def refused(name: str) -> tuple[int, object]:
        pair = base64.b64encode(f"{name}:wrong".encode()).decode()
        form = {"grant_type": "client_credentials"}
        answer = asking.send("POST", "/token", data=form, headers={"Authorization": f"Basic {pair}"})
        return answer.status_code, answer.json

    assert refused("ieum-nobody") == refused(asking.issued.client.public_id)


def test_more_than_the_client_was_given_is_refused(app: Flask, session: Session) -> None:
    asking = program(app, session, register(session, scopes=[Scope.LINKS_READ]))
    assert asking.get_token("settlements:deliver").json["error"] == "invalid_scope"
    assert asking.get_token("everything").json["error"] == "invalid_scope"
    assert asking.send("POST", "/token", data={"grant_type": "password"}, headers={}).json["error"] == (
        "unsupported_grant_type"
    )


def test_each_route_asks_for_the_scope_of_its_row(asking: Program) -> None:
    asking.get_token("links:read")
    assert asking.get("/links").status_code == 200
    answer = asking.get("/batches")
    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("held", [*Scope, None], ids=str)
def test_every_operation_opens_to_the_scope_of_its_row_and_to_no_other(
    app: Flask, session: Session, held: Scope | None
) -> None:
    asking = program(app, session, register(session, scopes=[held] if held else tuple(Scope)))
    surprises = []
    rows = {name: row for name, row in table_of(app).items() if isinstance(row, Operation)}
    for name, row in rows.items():
        rule = next(app.url_map.iter_rules(name))
        values = dict.fromkeys(rule.arguments, "987654321")
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(name, values).removeprefix("/api/v1")
        status = asking.send(row.methods, path, json={}).status_code
        closed = isinstance(row.permission, Scope) and held not in (None, row.permission)
        if (status == 403) != closed or status >= 500:
            surprises.append((name, status))
    assert len(rows) > 10
    assert surprises == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ieumt_nothing", "Basic eDp5", "bearer  "])
def test_without_a_living_token_nobody_comes_in(asking: Program, header: str) -> None:
    answer = asking.get("/links", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json["code"]) == (401, "token_invalid")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_by_itself_and_with_its_client(asking: Program, clock: Clock, session: Session) -> None:
    clock.shift(TOKEN_LIFETIME)
    assert asking.get("/links").status_code == 401
    asking.get_token()
    clock.shift(TOKEN_LIFETIME - timedelta(seconds=1))
    assert asking.get("/links").status_code == 200
    admin = actor(make_official(session, Role.ADMINISTRATOR))
    api_clients.revoke(session, asking.issued.client.id, by=admin, at=AT)
    assert asking.get("/links").status_code == 401
    assert asking.get_token().status_code == 401


def test_reading_waits_for_no_writer(asking: Program, session: Session) -> None:
    session.execute(text("UPDATE person SET name = name"))
    asking.before = lambda: None
    assert asking.get("/links").status_code == 200


def test_a_browsers_session_opens_nothing_of_the_api(app: Flask, session: Session, client_of) -> None:
    browser = client_of(make_official(session, Role.ADMINISTRATOR))
    assert browser.get("/api/v1/links").status_code == 401


def test_what_does_not_exist_is_said_in_json(asking: Program) -> None:
    answer = asking.get("/nowhere")
    assert (answer.status_code, answer.json["code"], answer.mimetype) == (404, "not_found", "application/problem+json")
    answer = asking.send("DELETE", "/links")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_every_answer_says_how_much_is_left_and_too_much_is_refused(app: Flask, session: Session) -> None:
    asking = program(app, session, register(session))
    left = [int(asking.get("/client").headers["X-RateLimit-Remaining"]) for _ in range(3)]
    assert left == [599, 598, 597]
    answers = [asking.get("/client") for _ in range(598)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].json["code"] == "too_many_requests"
    assert int(answers[-1].headers["Retry-After"]) > 0
    another = program(app, session, register(session))
    assert another.get("/client").status_code == 200
