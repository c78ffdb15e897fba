"""Every route with every role: what the route table and the grants say is what the portal answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.domain.actors import GRANTS, OF_PEOPLE, Role
from portal.domain.api_clients import Scope
from portal.domain.permissions import Permission
from portal.models.accounts import User
from portal.web.navigation import ENTRIES
from portal.web.routing import Door, Route, table_of
from tests.clients import PortalClient
from tests.factories import make_merchant_user, make_official

Visitor = Role | None
NOBODY: Visitor = None
# Values for the places in an address: there is no such record.
MISSING = {"IntegerConverter": 987_654_321, "UnicodeConverter": "no-such", "PathConverter": "no/such"}


def address(app: Flask, rule: Rule) -> str:
    values = {name: MISSING[type(converter).__name__] for name, converter in rule._converters.items()}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def rows(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of everything that can be asked, signing out last."""
    found = [
        (rule.endpoint, method, address(app, rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda row: (row[0] == "public.sessions_sign_out", row))


def ask(client: PortalClient, method: str, url: str) -> TestResponse:
    return client.submit(url) if method == "POST" else client.open(url, method=method)


def asks_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 401 or (answer.status_code == 302 and answer.location.startswith("/login"))


def expected(route: Route, visitor: Visitor) -> str:
    if route.permission is Door.PUBLIC:
        return "let in"
    if visitor is None or not isinstance(route.permission, Permission):
        return "asked to sign in"  # a browser, whoever is signed in there, holds no token of the partner API
    return "let in" if route.permission in GRANTS[visitor] else "not permitted"


def found(answer: TestResponse) -> str:
    if answer.status_code >= 500:
        return "broken"
    if asks_to_sign_in(answer):
        return "asked to sign in"
    return "not permitted" if answer.status_code == 403 else "let in"


def surprises(app: Flask, table: dict[str, Route], client: PortalClient, visitor: Visitor) -> list[str]:
    """What this visitor is answered otherwise than `table` says."""
    differing = []
    for endpoint, method, url in rows(app):
        wanted, got = expected(table[endpoint], visitor), found(ask(client, method, url))
        if wanted != got:
            differing.append(f"{method} {url} ({endpoint}) for {visitor or 'nobody'}: {got}, not {wanted}")
    return differing


def person(session: Session, visitor: Role) -> User:
    return make_merchant_user(session) if visitor is Role.MERCHANT else make_official(session, visitor)


@pytest.fixture
def visit(
    session: Session, client: PortalClient, client_of: Callable[[User], PortalClient]
) -> Callable[[Visitor], PortalClient]:
    return lambda visitor: client if visitor is None else client_of(person(session, visitor))


@pytest.mark.parametrize("visitor", [NOBODY, *OF_PEOPLE], ids=str)
def test_every_route_answers_this_role_as_its_row_says(
    app: Flask, visit: Callable[[Visitor], PortalClient], visitor: Visitor
) -> None:
    assert surprises(app, table_of(app), visit(visitor), visitor) == []


def test_a_route_left_open_is_noticed(
    app: Flask, visit: Callable[[Visitor], PortalClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: one row of the running portal is opened; the walk must name it, and it alone."""
    table = dict(table_of(app))
    endpoint = "public.accounts_change_password"
    monkeypatch.setitem(table_of(app), endpoint, replace(table[endpoint], permission=Door.PUBLIC))
    noticed = surprises(app, table, visit(NOBODY), NOBODY)
    assert noticed != []
    assert all(endpoint in line for line in noticed)


def test_a_route_with_another_permission_is_noticed(
    app: Flask, visit: Callable[[Visitor], PortalClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = dict(table_of(app))
    endpoint = "official.applications_queue"
    monkeypatch.setitem(table_of(app), endpoint, replace(table[endpoint], permission=Permission.PAYMENT_RELEASE))
    assert endpoint in surprises(app, table, visit(Role.REVIEWER), Role.REVIEWER)[0]
    assert endpoint in surprises(app, table, visit(Role.PAYER), Role.PAYER)[0]


def test_every_address_has_a_row_and_every_row_an_address(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"} == set(table_of(app))


def test_a_row_without_a_permission_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        Route("GET", "/x", lambda: "")  # ty: ignore[missing-argument]


def test_each_audience_holds_only_its_own_permissions(app: Flask) -> None:
    """The prefix says who is served: merchants' rows need what merchants have, officials' rows what they have not."""
    merchants, platforms = (GRANTS[role] - {Permission.ACCOUNT_OWN} for role in (Role.MERCHANT, Role.PLATFORM))
    for endpoint, route in table_of(app).items():
        audience = endpoint.split(".")[0]
        if audience == "public":
            assert route.permission in (Door.PUBLIC, Permission.ACCOUNT_OWN), endpoint
        elif audience == "partner":
            assert isinstance(route.permission, Scope | Door), endpoint
        elif audience == "bank":
            assert route.permission is Door.PUBLIC, endpoint  # its signature is asked for
        elif audience == "merchant":
            assert route.permission in merchants, endpoint
        elif audience == "platform":
            assert route.permission in platforms, endpoint
        else:
            assert isinstance(route.permission, Permission), endpoint
            assert route.permission not in GRANTS[Role.MERCHANT] | GRANTS[Role.PLATFORM], endpoint


def test_whatever_changes_something_is_not_open_to_all(app: Flask) -> None:
    open_to_all = {
        endpoint
        for endpoint, route in table_of(app).items()
        if "POST" in route.methods and route.permission is Door.PUBLIC
    }
    # Checking a letter's file against its stored hash keeps nothing.
    keeping_nothing = {"public.language_choose", "public.letters_verify"}
    signing_in = {
        "public.sessions_sign_in",
        "public.accounts_sign_up",
        "public.activations_take_over",
        "partner.tokens_issue",
    }
    signed = {"bank.bank_callback"}
    assert open_to_all - keeping_nothing - signed == signing_in


def test_every_entry_of_the_menu_leads_somewhere(app: Flask) -> None:
    assert [endpoint for _, endpoint in ENTRIES if endpoint not in table_of(app)] == []


@pytest.mark.parametrize("visitor", [Role.MERCHANT, Role.REVIEWER, Role.AUDITOR, Role.PAYER, Role.PLATFORM], ids=str)
def test_what_does_not_exist_is_not_found(
    app: Flask, visit: Callable[[Visitor], PortalClient], visitor: Role, at: datetime
) -> None:
    client, wrong = visit(visitor), []
    for endpoint, method, url in rows(app):
        names_a_record = "987654321" in url
        if names_a_record and expected(table_of(app)[endpoint], visitor) == "let in":
            status = ask(client, method, url).status_code
            if status != 404:
                wrong.append(f"{method} {url} ({endpoint}): {status}")
    assert wrong == []


def test_an_address_nobody_has_registered_is_not_found_for_anybody(visit: Callable[[Visitor], PortalClient]) -> None:
    for visitor in (NOBODY, Role.MERCHANT, Role.REVIEWER):
        assert visit(visitor).get("/office/nowhere").status_code == 404
