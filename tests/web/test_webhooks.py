"""The administrator says where a client is told, sees how it went, and has what was not taken sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.webhooks import Answer, Event
from portal.models.accounts import User
from portal.models.webhooks import Webhook, WebhookMessage
from portal.services import webhooks
from tests.api import register
from tests.clients import PortalClient
from tests.factories import AT, make_official, make_organisation
from tests.pages import problems, text_of

URL = "https://api.example.kr/ieum"


@pytest.fixture
def admin(session: Session) -> User:
    return make_official(session, Role.ADMINISTRATOR)


@pytest.fixture
def address(session: Session, admin: User) -> str:
    return f"/office/api-clients/{register(session, by=admin).client.id}"


@pytest.fixture
def desk(admin: User, client_of: Callable[[User], PortalClient]) -> PortalClient:
    return client_of(admin)


def given_up(session: Session, admin: User, desk: PortalClient, address: str) -> WebhookMessage:
    desk.submit(f"{address}/webhook", {"url": URL})
    webhooks.announce(session, Event.ROWS_REFUSED, "baemin", [admin.organisation_id or 0], {"batch_id": 1}, at=AT)
    (sending,) = webhooks.take_up(session, at=AT, most=5)
    webhooks.settle(session, sending, Answer(503), at=AT)
    message = session.scalars(select(WebhookMessage)).one()
    message.due_at, message.given_up_at = None, AT
    return message


def test_an_address_is_registered_shown_and_ended(session: Session, desk: PortalClient, address: str) -> None:
    assert desk.submit(f"{address}/webhook", {"url": URL}).status_code == 302
    page = desk.get(address).text
    assert URL in page
    assert "알림 주소 정하기" in text_of(page)
    assert desk.submit(f"{address}/webhook/end").status_code == 302
    assert "정하지 않음" in desk.get(address).text
    assert session.scalars(select(Webhook)).one().ended_at is not None


@pytest.mark.parametrize("url", ["http://api.example.kr/", "https://10.0.0.1/", "", "javascript:alert(1)"])
def test_an_address_that_is_none_is_explained(session: Session, desk: PortalClient, address: str, url: str) -> None:
    answer = desk.submit(f"{address}/webhook", {"url": url})
    assert (answer.status_code, len(problems(answer))) == (422, 1)
    assert session.scalars(select(Webhook)).all() == []


def test_what_was_not_taken_is_shown_and_sent_again(session, admin, desk: PortalClient, address: str) -> None:
    message = given_up(session, admin, desk, address)
    page = text_of(desk.get(address).text)
    assert "돌려보낸 줄 있음" in page
    assert "못 전함" in page
    assert "503" in page
    assert desk.submit(f"/office/api-clients/messages/{message.id}/again").status_code == 302
    assert "기다림" in text_of(desk.get(address).text)
    session.refresh(message)
    assert message.due_at == AT


def test_another_organisations_messages_do_not_exist(session, admin, desk, address: str, client_of) -> None:
    message = given_up(session, admin, desk, address)
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    stranger = client_of(make_official(session, Role.ADMINISTRATOR, organisation=hadong))
    assert stranger.submit(f"/office/api-clients/messages/{message.id}/again").status_code == 404
    assert stranger.get(f"{address}/webhook").status_code == 404
    assert stranger.submit(f"{address}/webhook/end").status_code == 404


def test_the_command_does_the_same(app: Flask, session: Session, admin: User, address: str) -> None:
    login, client_id = admin.login, address.rsplit("/", 1)[1]
    session.commit()
    run = app.test_cli_runner().invoke
    assert run(args=["partner", "webhook", client_id, URL, "--by", login]).output == f"webhook: {URL}\n"
    assert run(args=["partner", "webhook", client_id, "http://api.example.kr/", "--by", login]).exit_code == 2
