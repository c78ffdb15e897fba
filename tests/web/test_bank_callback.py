"""The bank calls in: signed, a moment ago, once; where no bank is connected there is no such door."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.domain.bank_orders import BankAccess
from portal.domain.payments import Channel, PaymentStatus
from portal.domain.signatures import HEADER, WINDOW, of_request, sign
from portal.models.bank_orders import BankMessage
from portal.models.payments import Payment
from portal.services import bank_orders, payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.clients import PortalClient
from tests.factories import AT, actor

pytestmark = pytest.mark.usefixtures("clock")
URL, KEY = "/bank/callback", "k" * 40


@pytest.fixture
def connected(app: Flask) -> Iterator[Flask]:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, bank=BankAccess("http://127.0.0.1:9", KEY))
    yield app
    app.config["SETTINGS"] = before


@pytest.fixture
def sent(session: Session, stores: Stores, connected: Flask) -> Payment:
    """A payment that is at the bank."""
    office = world.open_office(session)
    world.make_claims(session, stores, office, [70_010])
    run = payments.prepare(session, world.CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, channel=Channel.API, by=actor(office.releaser), at=AT)
    bank_orders.take_up(session, at=AT)
    return run.payments[0]


def said_of(payment: Payment, **other: object) -> bytes:
    told = {"id": payment.reference, "status": "done", "amount": payment.amount, "bank_code": payment.bank_code}
    told |= {"account_number": payment.account_number, "bank_reference": "B", "executed_on": "2026-06-15"}
    return json.dumps(told | other).encode()


def call(client: PortalClient, body: bytes, *, key: str = KEY, at: datetime = AT, said: bytes = b"") -> TestResponse:
    signed = sign(key, of_request("POST", URL, hashlib.sha256(said or body).hexdigest()), at=at)
    return client.post(URL, data=body, headers={HEADER: signed, "Content-Type": "application/json"})


def calls(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(BankMessage.id))) or 0


def test_a_signed_call_is_written_down_once_and_moves_no_money(
    session: Session, sent: Payment, client: PortalClient
) -> None:
    body = said_of(sent)
    first, second = call(client, body), call(client, body)
    assert (first.status_code, first.json) == (200, {"verdict": "early"})
    assert second.json == {"verdict": "known"}
    assert calls(session) == 1
    assert session.scalars(select(Payment.status)).one() is PaymentStatus.SENDING


def test_unsigned_wrongly_signed_and_old_calls_are_refused(
    session: Session, sent: Payment, client: PortalClient
) -> None:
    body = said_of(sent)
    refused = [
        client.post(URL, data=body),
        call(client, body, key="x" * 40),
        call(client, body, said=said_of(sent, amount=1)),
        call(client, body, at=AT - WINDOW - timedelta(seconds=1)),
    ]
    assert [answer.status_code for answer in refused] == [401] * 4
    assert [(answer.json or {})["problems"][0]["code"] for answer in refused] == [
        "signature_missing", "signature_wrong", "signature_wrong", "signature_old",
    ]  # fmt: skip
    assert calls(session) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": "R", "status": "done", "amount": 1.5}', b'{"status": 1}'])
def test_a_call_in_no_agreed_form_is_refused(
    session: Session, connected: Flask, client: PortalClient, body: bytes
) -> None:
    assert call(client, body).status_code == 422
    assert calls(session) == 0


def test_where_no_bank_is_connected_there_is_no_such_door(app: Flask, client: PortalClient) -> None:
    assert call(client, b"{}").status_code == 404
