"""The administrator's page for API clients, and the commands that do the same."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.accounts import User
from portal.models.api_clients import ApiClient
from tests.api import Program, register
from tests.clients import PortalClient
from tests.factories import make_official, make_organisation
from tests.pages import problems, text_of

ENTERED = {"platform": "baemin", "name": "정산 서버", "scopes": ["links:read"], "expires_on": "2027-05-31"}
SECRET = re.compile(r"ieums_[\w-]{43}")


@pytest.fixture
def admin(session: Session) -> User:
    return make_official(session, Role.ADMINISTRATOR, name="최관리")


@pytest.fixture
def desk(admin: User, client_of: Callable[[User], PortalClient]) -> PortalClient:
    return client_of(admin)


def test_a_client_is_opened_used_renewed_and_ended(app: Flask, session: Session, desk: PortalClient) -> None:
    page = desk.submit("/office/api-clients/new", ENTERED)
    assert page.status_code == 200
    secret = SECRET.findall(page.text)[0]
    client = session.scalars(select(ApiClient)).one()
    assert client.public_id in page.text
    shown = desk.get(f"/office/api-clients/{client.id}")
    assert secret not in shown.text
    assert f"…{secret[-4:]}" in shown.text
    assert "2027. 5. 31." in shown.text
    assert program_token(app, session, client, secret) == 200

    renewed = SECRET.findall(desk.submit(f"/office/api-clients/{client.id}/rotation").text)[0]
    assert renewed != secret
    assert [program_token(app, session, client, each) for each in (secret, renewed)] == [200, 200]
    assert desk.submit(f"/office/api-clients/{client.id}/revocation").status_code == 302
    assert [program_token(app, session, client, each) for each in (secret, renewed)] == [401, 401]
    page = text_of(desk.get(f"/office/api-clients/{client.id}").text)
    assert "연결 닫기" in page
    assert "닫힘" in text_of(desk.get("/office/api-clients").text)


def program_token(app: Flask, session: Session, client: ApiClient, secret: str) -> int:
    form = {"grant_type": "client_credentials", "client_id": client.public_id, "client_secret": secret}
    session.commit()
    return app.test_client().post("/api/v1/token", data=form).status_code


def test_what_is_wrong_is_said_and_nothing_is_opened(session: Session, desk: PortalClient) -> None:
    answer = desk.submit("/office/api-clients/new", {**ENTERED, "expires_on": "2031-01-01"})
    assert answer.status_code == 422
    assert any("366일" in line for line in problems(answer)), problems(answer)
    answer = desk.submit("/office/api-clients/new", {**ENTERED, "scopes": []})
    assert answer.status_code == 422
    assert session.scalars(select(ApiClient)).all() == []


def test_another_organisations_clients_do_not_exist(session: Session, client_of, admin: User) -> None:
    issued = register(session, by=admin)
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    stranger = client_of(make_official(session, Role.ADMINISTRATOR, organisation=hadong))
    address = f"/office/api-clients/{issued.client.id}"
    assert stranger.get(address).status_code == 404
    assert stranger.submit(f"{address}/rotation").status_code == 404
    assert "열린 연결이 없습니다" in stranger.get("/office/api-clients").text


def test_nobody_signs_in_to_the_account_of_a_client(session: Session, client: PortalClient) -> None:
    issued = register(session)
    for password in ("-", issued.secret):
        answer = client.submit("/login", {"login": issued.client.account.login, "password": password})
        assert answer.status_code == 422


def test_the_commands_do_the_same(app: Flask, session: Session, admin: User) -> None:
    login = admin.login

    def run(*arguments: str):
        session.commit()
        return app.test_cli_runner().invoke(args=["partner", *arguments, "--by", login])

    opened = run("register", "--platform", "baemin", "--name", "정산 서버", "--scope", "links:read")
    assert opened.exit_code == 0, opened.output
    said = dict(line.split(": ") for line in opened.output.splitlines())
    client = session.scalars(select(ApiClient)).one()
    assert program_token(app, session, client, said["client_secret"]) == 200
    renewed = run("rotate", said["id"])
    assert SECRET.search(renewed.output)
    assert run("revoke", said["id"]).output == f"{said['client_id']}: revoked\n"
    assert "revoked" in run("list").output
    refused = run("rotate", said["id"])
    assert (refused.exit_code, "already_done" in refused.output) == (2, True)
    nobody = run("begin-again")
    assert (nobody.exit_code, "not_found" in nobody.output) == (2, True)
    run("register", "--platform", "baemin", "--name", "연습", "--sandbox")
    assert run("begin-again").output.startswith("sandbox: ")
    assert run("register", "--platform", "nobody", "--name", "x").exit_code == 2


@pytest.mark.parametrize("extra", [0, 3])
def test_the_list_takes_few_statements_however_long(session, desk, admin, statement_counter, extra: int) -> None:
    for _ in range(extra):
        register(session, by=admin)
    session.commit()
    with statement_counter() as statements:
        desk.get("/office/api-clients")
    assert len(statements) <= 6, "\n".join(statements)


def test_a_program_without_a_token_is_a_stranger(app: Flask, session: Session) -> None:
    assert Program(app, register(session), session.commit).get("/client").status_code == 401
