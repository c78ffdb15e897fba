"""The budget ledger: balances by source, and every entry."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.models.base import db
from portal.queries import ledger, stops
from portal.web.access import actor


def show() -> ResponseReturnValue:
    return render_template(
        "official/ledger/show.html",
        stop=stops.seen_by(db.session(), actor()),
        books=ledger.books(db.session(), actor()),
        page=ledger.page(db.session(), actor(), before=request.args.get("before", type=int)),
    )
