"""Letters a merchant has received, as issued."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.models.base import db
from portal.queries import letters
from portal.services import issuing
from portal.web.access import actor
from portal.web.files import attachment, stores


def index() -> ResponseReturnValue:
    page = letters.of_owner(db.session(), actor(), before=request.args.get("before", type=int))
    return render_template("merchant/letters/index.html", page=page)


def download(id: int) -> ResponseReturnValue:
    letter = letters.owned(db.session(), id, actor())
    return attachment(issuing.read(stores(), letter), issuing.filename(letter), "application/pdf")
