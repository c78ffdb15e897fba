"""Where a client gets its token, and learns what the token is good for."""

from __future__ import annotations

from flask import current_app
from flask.typing import ResponseReturnValue

from portal.domain.api_clients import joined
from portal.models.base import db
from portal.web.bearer import partner


def issue() -> ResponseReturnValue:
    answer = current_app.extensions["ieum_oauth"].create_token_response()
    db.session.commit()
    return answer


def show() -> dict[str, object]:
    found = partner()
    return {
        "name": found.name,
        "platform": found.platform,
        "sandbox": found.sandbox,
        "scopes": joined(found.scopes).split(),
    }
