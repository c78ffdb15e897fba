"""The description of the API: for programs as OpenAPI, for people as a page without scripts."""

from __future__ import annotations

from flask import current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from portal.domain import errors
from portal.domain.settlements import COLUMNS
from portal.web import problems
from portal.web.errors import Busy, status_of
from portal.web.openapi import statuses
from portal.web.partner.operations import Operation
from portal.web.routing import table_of

# Refusals of the door and of the keys, which no row has to name.
ALWAYS = (
    errors.TokenInvalid,
    errors.SignatureInvalid,
    errors.ScopeMissing,
    errors.KeyMissing,
    errors.KeyReused,
    errors.InFlight,
    errors.Incomplete,
    Busy,
)


def specification() -> ResponseReturnValue:
    return jsonify(current_app.extensions["ieum_api"].described.to_dict())


def show() -> ResponseReturnValue:
    rows = [route for route in table_of(current_app).values() if isinstance(route, Operation)]
    described = [(row, statuses(row)) for row in rows]
    kinds = {*ALWAYS, *(kind for row in rows for kind in row.refuses)}
    codes = sorted({*((status_of(kind), kind.code) for kind in kinds), *problems.HTTP.items()})
    return render_template("partner/documents/show.html", operations=described, columns=COLUMNS, codes=codes)
