"""A merchant's monthly support: what was paid for, what was counted, what was not and why."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.models.base import db
from portal.queries import claims, evidence, payments, programmes
from portal.services import explanations
from portal.web.access import actor
from portal.web.files import stores, table
from reports import csv_table


def index() -> ResponseReturnValue:
    return render_template("merchant/claims/index.html", claims=claims.of_owner(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    claim = claims.owned(db.session(), id, actor())
    told = explanations.page(stores(), claim, start=request.args.get("start", 0, type=int))
    return render_template(
        "merchant/claims/show.html",
        claim=claim,
        paid=payments.living_of(db.session(), claim.id),
        published=programmes.read(claim.version),
        told=told,
        documents=evidence.sources(db.session(), [line.received_seq for line in told.lines]),
    )


def download(id: int) -> ResponseReturnValue:
    """Every line of the claim as CSV."""
    claim = claims.owned(db.session(), id, actor())
    rows = explanations.table(stores(), claim)
    return table(csv_table.stream(explanations.TABLE, rows), f"ieum-{claim.period}-{claim.id}.csv")
