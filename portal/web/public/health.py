"""Answers after a database write, so that "up" means "can record"."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.models.base import transaction_apart
from portal.services import system


def show() -> ResponseReturnValue:
    with transaction_apart() as aside:
        system.beat(aside, at=now())
    return {"status": "ok"}, 200
