"""The merchant's first page."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.models.base import db
from portal.queries import home
from portal.web.access import actor


def show() -> ResponseReturnValue:
    return render_template("merchant/home/show.html", home=home.home(db.session(), actor(), at=now()))
