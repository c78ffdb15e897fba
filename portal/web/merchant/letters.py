"""Letters a merchant has received, as issued."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.models.base import db
from portal.queries import letters
from portal.services import issuing, receipt_letters
from portal.web.access import actor
from portal.web.binding import commit
from portal.web.files import attachment, stores


def index() -> ResponseReturnValue:
    page = letters.of_owner(db.session(), actor(), before=request.args.get("before", type=int))
    return render_template("merchant/letters/index.html", page=page)


def download(id: int) -> ResponseReturnValue:
    letter = letters.owned(db.session(), id, actor())
    return attachment(issuing.read(stores(), letter), issuing.filename(letter), "application/pdf")


def receipt(id: int) -> ResponseReturnValue:
    """The receipt letter, issued now; only this copy carries the code to take the account over."""
    printed = receipt_letters.issue(db.session(), stores(), id, by=actor(), at=now())
    commit()
    return attachment(printed.copy, issuing.filename(printed.letter), "application/pdf")
