"""Answers after a database write, so that "up" means "can record"."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.clock import now
from portal.models.base import db
from portal.services import system


def show() -> ResponseReturnValue:
    with Session(db.engine) as aside, aside.begin():
        system.beat(aside, at=now())
    return {"status": "ok"}, 200
