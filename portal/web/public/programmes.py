"""A programme as anyone may read it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.clock import now, today
from portal.models.base import db
from portal.queries import outlooks, programmes, selections
from portal.services import holidays


def show(code: str) -> ResponseReturnValue:
    found = programmes.in_force(db.session(), code, today())
    is_open = found.announcement.call.is_open(today())
    table = holidays.observed(db.session(), found.programme.organisation_id)
    chosen = selections.of_programme(db.session(), found.programme.id)
    outlook = outlooks.of_programme(db.session(), found, at=now(), holidays=frozenset(table))
    return render_template(
        "public/programmes/show.html",
        found=found,
        is_open=is_open,
        outlook=outlook,
        drawing=chosen is not None and chosen.commitment is not None,
        coming=programmes.coming(db.session(), found.programme.id, today()),
    )
