"""The end of every changing request of the partner API: done once for its Idempotency-Key, answered, committed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, json, request

from portal.clock import now
from portal.domain.errors import KeyMissing
from portal.models.base import db, transaction_apart
from portal.services import api_requests
from portal.services.api_requests import Claim
from portal.web import received
from portal.web.bearer import partner

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PATTERN = "^[A-Za-z0-9_-]{8,100}$"


def once(view: Callable[..., Response], *, needed: bool) -> Callable[..., Response]:
    """The view, its effect and its answer committed together; the same key and body get the same answer.

    `needed`: a request without a key is refused; otherwise a key is optional. A refusal gives the key back.
    """

    @wraps(view)
    def kept(**arguments: Any) -> Response:
        key, body_sha256 = _key(needed), received.digest()
        if key is None:
            answer = view(**arguments)
            db.session.commit()
            return answer
        claimed = _claimed(key, body_sha256)
        return _again(claimed) if claimed.answered_with else _done(claimed, lambda: view(**arguments))

    return kept


def _done(claimed: Claim, view: Callable[[], Response]) -> Response:
    try:
        answer = view()
        api_requests.settle(db.session(), claimed, answer.status_code, answer.get_json(), at=now())
        db.session.commit()
    except BaseException:
        db.session.rollback()
        with transaction_apart() as session:
            api_requests.release(session, claimed)
        raise
    return answer


def _claimed(key: str, body_sha256: str) -> Claim:
    route = f"{request.method} {request.path}"
    with transaction_apart() as session:
        return api_requests.claim(session, partner().client_id, route, key, body_sha256, at=now())


def _again(claimed: Claim) -> Response:
    answer = Response(json.dumps(claimed.answer), claimed.answered_with, mimetype="application/json")
    answer.headers[REPLAYED] = "true"
    return answer


def _key(needed: bool) -> str | None:
    key = request.headers.get(HEADER)
    if key is None and not needed:
        return None
    if key is None or not re.fullmatch(PATTERN, key, re.ASCII) or key.endswith("\n"):
        raise KeyMissing
    return key
