"""A lottery as anybody may look at it and repeat it: the list, what was announced, and what came out."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from portal.models.base import db
from portal.queries import selection_pages


def show(code: str) -> ResponseReturnValue:
    return render_template("public/draws/show.html", draw=selection_pages.draw_of(db.session(), code))


def numbers(code: str) -> ResponseReturnValue:
    """The list, byte for byte what its hash is of."""
    found = selection_pages.draw_of(db.session(), code)
    return Response(found.numbers, mimetype="text/plain")
