"""The worker sends what waits: signed, to the registered address alone, and each try is written down."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import jobs
from portal.domain.actors import Role
from portal.domain.signatures import HEADER, fault
from portal.domain.webhooks import Event, Sending
from portal.gateways import webhooks as gateway
from portal.models.webhooks import WebhookMessage
from portal.services import webhooks
from tests.api import register
from tests.clocks import Clock
from tests.factories import AT, actor, make_official
from tests.listening import Listener, listening

KEY = "k" * 43


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


@pytest.fixture(autouse=True)
def _standing(clock: Clock) -> None:
    clock.move_to(AT)


@pytest.fixture
def key(session: Session, listener: Listener) -> str:
    """A message waits for the listener; the key that signs it."""
    admin = make_official(session, Role.ADMINISTRATOR)
    issued = register(session, by=admin)
    webhooks.register(session, issued.client.id, listener.url, loopback=True, by=actor(admin), at=AT)
    organisations = [issued.client.data_organisation_id]
    webhooks.announce(session, Event.ROWS_REFUSED, "baemin", organisations, {"batch_id": 7}, at=AT)
    session.commit()
    return issued.signing_key


def message(session: Session) -> WebhookMessage:
    session.rollback()
    return session.scalars(select(WebhookMessage).execution_options(populate_existing=True)).one()


def test_the_worker_sends_what_waits_signed_and_once(app: Flask, session, listener: Listener, key: str) -> None:
    assert jobs.post(app) == 1
    ((headers, body),) = listener.took
    assert fault(headers[HEADER], key, body.decode(), at=AT) == ""
    assert fault(headers[HEADER], key, body.decode() + " ", at=AT) == "signature_wrong"
    said = json.loads(body)
    assert (said["event"], said["about"]) == ("rows.refused", {"batch_id": 7})
    found = message(session)
    assert (found.delivered_at, [one.answered_with for one in found.log]) == (AT, [200])
    session.rollback()
    assert jobs.post(app) == 0
    assert len(listener.took) == 1


def test_a_listener_that_fails_is_tried_again_later_with_a_new_signature(app, session, listener, key, clock) -> None:
    listener.answers = [503]
    jobs.post(app)
    assert message(session).due_at == AT + timedelta(minutes=1)
    session.rollback()
    assert jobs.post(app) == 0
    clock.shift(timedelta(minutes=1))
    assert jobs.post(app) == 1
    assert [one.answered_with for one in message(session).log] == [503, 200]
    (first, body), (second, again) = listener.took
    assert (body, json.loads(body)["id"]) == (again, json.loads(again)["id"])
    assert first[HEADER] != second[HEADER]


def test_nobody_is_sent_elsewhere(app: Flask, session: Session, listener: Listener, key: str) -> None:
    listener.answers = [302]
    jobs.post(app)
    assert len(listener.took) == 1
    assert message(session).log[0].answered_with == 302
    assert message(session).delivered_at is None


def sending(url: str) -> Sending:
    return Sending(1, "token", url, {"event": "x"}, KEY)


def test_where_nobody_listens_is_said(listener: Listener) -> None:
    closed = gateway.send(sending("http://127.0.0.1:9/"), loopback=True, at=AT)
    assert (closed.status, closed.problem) == (None, "ConnectError")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.1.2.3", "169.254.169.254"])
def test_an_address_inside_is_not_sent_to_whatever_its_name_says(host: str, listener: Listener) -> None:
    port = listener.url.split(":")[2].split("/")[0]
    answer = gateway.send(sending(f"http://{host}:{port}/hook"), loopback=False, at=AT)
    assert (answer.problem, listener.took) == ("private_address", [])


def test_a_listener_that_never_answers_keeps_no_worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(gateway, "SECONDS", 0.3)
        answer = gateway.send(sending(f"http://127.0.0.1:{silent.getsockname()[1]}/"), loopback=True, at=AT)
    assert answer.status is None
    assert answer.problem in ("ReadTimeout", "TimeoutError")


def test_the_queue_posts_every_minute(app: Flask) -> None:
    queue = jobs._queue(app)
    with time_machine.travel(datetime(2026, 6, 15, tzinfo=UTC), tick=False):
        names = {task.name for task in queue._huey._registry.periodic_tasks}
    assert names >= {"sweep", "post"}
