"""A client that signs: every request proves who made it, and a caught one cannot be sent again."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.signatures import HEADER, WINDOW, of_request, sign
from portal.models.settlements import Delivery
from tests.api import API, Program, fresh_key, program, register
from tests.clocks import Clock
from tests.factories import AT
from tests.settled import csv_of, line
from tests.web.test_partner_batches import as_json

GOOD = [line("S1", "2026-05-03 12:00", order_no="A1")]
BODY = json.dumps(as_json(GOOD)).encode()


@pytest.fixture
def asking(app: Flask, session: Session) -> Program:
    return program(app, session, register(session, signed=True))


def signed(asking: Program, method: str, target: str, body: bytes = b"", *, at=AT, **more: str) -> dict[str, str]:
    said = of_request(method, f"{API}{target}", hashlib.sha256(body).hexdigest())
    header = sign(asking.issued.signing_key, said, at=at)
    return {"Authorization": f"Bearer {asking.token}", HEADER: header, "Content-Type": "application/json", **more}


def problem(answer) -> tuple[int, str, str]:
    return answer.status_code, answer.json["code"], answer.json["problems"][0]["code"]


def test_a_signed_request_is_answered(asking: Program, session: Session) -> None:
    target = "/links?status=proposed"
    assert asking.get(target, headers=signed(asking, "GET", target)).status_code == 200
    headers = signed(asking, "POST", "/batches", BODY)
    answer = asking.send("POST", "/batches", data=BODY, headers=headers, key=fresh_key())
    assert answer.status_code == 201, answer.text


def test_a_signed_stream_is_checked_by_its_packed_bytes(asking: Program) -> None:
    body, target = csv_of(GOOD), "/batches/stream?period=2026-05"
    headers = signed(asking, "POST", target, body) | {"Content-Type": "text/csv"}
    assert asking.send("POST", target, data=body, headers=headers, key=fresh_key()).status_code == 201
    again = asking.send("POST", target, data=body + b"x", headers=headers, key=fresh_key())
    assert problem(again) == (401, "signature_invalid", "signature_wrong")


def test_an_unsigned_and_a_wrongly_signed_request_change_nothing(asking: Program, session: Session) -> None:
    assert problem(asking.get("/links")) == (401, "signature_invalid", "signature_missing")
    for headers in (signed(asking, "POST", "/batches", BODY + b" "), signed(asking, "PUT", "/batches", BODY)):
        answer = asking.send("POST", "/batches", data=BODY, headers=headers, key=fresh_key())
        assert problem(answer) == (401, "signature_invalid", "signature_wrong")
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_a_caught_request_cannot_be_sent_again(asking: Program, session: Session, clock: Clock) -> None:
    headers = signed(asking, "POST", "/batches", BODY)
    key = fresh_key()
    assert asking.send("POST", "/batches", data=BODY, headers=headers, key=key).status_code == 201
    again = asking.send("POST", "/batches", data=BODY, headers=headers, key=key)
    assert problem(again) == (401, "signature_invalid", "signature_used")
    clock.shift(WINDOW + timedelta(seconds=1))
    assert problem(asking.send("POST", "/batches", data=BODY, headers=headers, key=key))[2] == "signature_old"
    fresh = signed(asking, "POST", "/batches", BODY, at=AT + WINDOW + timedelta(seconds=1))
    repeated = asking.send("POST", "/batches", data=BODY, headers=fresh, key=key)
    assert (repeated.status_code, repeated.headers["Idempotency-Replayed"]) == (201, "true")


def test_a_client_that_does_not_sign_need_not(app: Flask, session: Session) -> None:
    assert program(app, session, register(session)).get("/links").status_code == 200
