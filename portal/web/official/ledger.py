"""The budget ledger: balances by source, every entry, and all of a year for an accounting program."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.domain.errors import NotFound
from portal.models.base import db
from portal.queries import accounts, ledger, stops
from portal.queries import journal as journals
from portal.web.access import actor
from portal.web.files import attachment
from reports import journal as written


def show() -> ResponseReturnValue:
    return render_template(
        "official/ledger/show.html",
        stop=stops.seen_by(db.session(), actor()),
        books=ledger.books(db.session(), actor()),
        page=ledger.page(db.session(), actor(), before=request.args.get("before", type=int)),
    )


def journal(year: int, kind: str) -> ResponseReturnValue:
    """The same text as `flask journal` writes; the request has begun to read one moment."""
    if kind not in written.FORMATS:
        raise NotFound(kind)
    office = accounts.office_of(db.session(), actor()).code
    pieces = written.write(journals.journal(db.session(), office, year), kind)
    return attachment("".join(pieces).encode(), f"journal_{office}_{year}.{kind}", "text/plain")
