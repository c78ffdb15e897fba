"""A body that was cut on the way is refused whole, also where the server shows it as if it had ended there."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models.accounts import Person
from portal.models.api_requests import ApiRequest
from portal.models.settlements import Delivery
from tests import pages
from tests.api import Program, fresh_key, program, register
from tests.clients import PortalClient
from tests.settled import csv_of, line

CONTENT = csv_of([line("S1", "2026-05-03 12:00"), line("S2", "2026-05-04 12:00")])


@pytest.fixture
def asking(app: Flask, session: Session) -> Program:
    return program(app, session, register(session))


def sent(asking: Program, body: bytes, *, length: int | None = len(CONTENT), **headers: str) -> Any:
    about = {"Authorization": f"Bearer {asking.token}", "Content-Type": "text/csv", **headers}
    stream = {"input_stream": io.BytesIO(body), "environ_overrides": announced(length)}
    return asking.send("POST", "/batches/stream?period=2026-05", headers=about, key=fresh_key(), **stream)


def announced(length: int | None) -> dict[str, Any]:
    """What a server tells that marks the end of a body itself."""
    marked: dict[str, Any] = {"wsgi.input_terminated": True}
    return marked if length is None else {**marked, "CONTENT_LENGTH": str(length)}


def kept(session: Session) -> tuple[int, int]:
    session.rollback()
    deliveries, keys = (session.scalar(select(func.count()).select_from(table)) for table in (Delivery, ApiRequest))
    return deliveries or 0, keys or 0


def test_a_whole_body_is_taken(asking: Program, session: Session) -> None:
    answer = sent(asking, CONTENT)
    assert (answer.status_code, answer.json["accepted"]) == (201, 2)
    assert kept(session) == (1, 1)


@pytest.mark.parametrize("cut", [0, len(CONTENT) // 2, len(CONTENT) - 1])
def test_a_cut_body_leaves_neither_rows_nor_a_used_key(asking: Program, session: Session, cut: int) -> None:
    answer = sent(asking, CONTENT[:cut])
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert kept(session) == (0, 0)


def test_a_body_whose_length_nobody_announced_is_refused(asking: Program, session: Session) -> None:
    answer = sent(asking, CONTENT, length=None, **{"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.json["code"]) == (411, "malformed")
    assert kept(session) == (0, 0)


def test_a_form_that_was_cut_changes_nothing(client: PortalClient, session: Session) -> None:
    token = pages.token(client.get("/join"))
    form = f"csrf_token={token}&name=Kim&login=kim@example.kr&repeat={'p' * 14}&password={'p' * 14}".encode()
    whole, cut = len(form), len(form) + 20
    assert posted(client, form, cut).status_code == 400
    assert session.scalar(select(func.count(Person.id)).where(Person.name == "Kim")) == 0
    assert posted(client, form, whole).status_code == 302


def posted(client: PortalClient, form: bytes, length: int) -> Any:
    return client.post(
        "/join",
        input_stream=io.BytesIO(form),
        headers={"Sec-Fetch-Site": "same-origin"},
        content_type="application/x-www-form-urlencoded",
        environ_overrides=announced(length),
    )
