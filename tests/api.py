"""A platform's program for tests: gets a token and asks the partner API with it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.api_clients import RegisterClient, Scope
from portal.models.accounts import User
from portal.services import api_clients
from portal.services.api_clients import Issued
from tests.factories import AT, actor, make_official

API = "/api/v1"
LAST = date(2027, 5, 31)
_keys = itertools.count(1)


def register(
    session: Session,
    *,
    platform: str = "baemin",
    scopes: Iterable[Scope] = tuple(Scope),
    sandbox: bool = False,
    signed: bool = False,
    by: User | None = None,
    at: datetime = AT,
) -> Issued:
    """A client of a platform, opened by an administrator of Gurye unless told otherwise."""
    command = RegisterClient(platform, f"{platform} 서버", frozenset(scopes), LAST, sandbox, signed)
    administrator = by or make_official(session, Role.ADMINISTRATOR)
    return api_clients.register(session, command, by=actor(administrator), at=at)


def fresh_key() -> str:
    return f"key-{next(_keys):08d}"


@dataclass(slots=True)
class Program:
    """Asks with its token; `post` and `put` send JSON under a new Idempotency-Key unless told otherwise."""

    app: Flask
    issued: Issued
    before: Callable[[], None] = lambda: None
    token: str = field(default="", repr=False)

    def get_token(self, scope: str = "", *, secret: str | None = None) -> Any:
        form = {"grant_type": "client_credentials", "scope": scope} if scope else {"grant_type": "client_credentials"}
        pair = (self.issued.client.public_id, self.issued.secret if secret is None else secret)
        answer = self.send("POST", "/token", data=form, auth=pair, headers={})
        if answer.status_code == 200:
            self.token = answer.json["access_token"]
        return answer

    def get(self, path: str, **more: Any) -> Any:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any, *, key: str | None = None, **more: Any) -> Any:
        return self.send("POST", path, json=body, key=key or fresh_key(), **more)

    def put(self, path: str, body: Any, **more: Any) -> Any:
        return self.send("PUT", path, json=body, **more)

    def send(
        self, method: str, path: str, *, key: str | None = None, headers: dict[str, str] | None = None, **more: Any
    ) -> Any:
        self.before()
        sent = {"Authorization": f"Bearer {self.token}"} if headers is None else dict(headers)
        if key:
            sent["Idempotency-Key"] = key
        return self.app.test_client().open(f"{API}{path}", method=method, headers=sent, **more)


def program(app: Flask, session: Session, issued: Issued) -> Program:
    """The program with a token. What the test has set up is committed before each request."""
    made = Program(app, issued, session.commit)
    assert made.get_token().status_code == 200
    return made
