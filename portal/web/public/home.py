"""The first page."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.models.base import db
from portal.queries import programmes


def show() -> ResponseReturnValue:
    return render_template("public/home/show.html", programmes=programmes.open_calls(db.session(), at=now()))
