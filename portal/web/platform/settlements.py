"""A platform's settlement data: what was delivered, and delivering one month's file."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from forms.settlement_files import MonthFileForm
from portal import data
from portal.clock import now
from portal.domain.example_line import EXAMPLE
from portal.domain.settlements import COLUMNS
from portal.models.base import db
from portal.queries import receipts as look_up_receipts
from portal.queries import settlements
from portal.queries.pages import next_key
from portal.services import receipts
from portal.web import platform_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.deliveries.receipts import on_its_way
from portal.web.files import stores


def index() -> ResponseReturnValue:
    rows = settlements.page(db.session(), actor(), before=request.args.get("before", type=int))
    later, open_files = next_key(rows, settlements.PAGE), look_up_receipts.number_open(db.session(), actor())
    return render_template("platform/settlements/index.html", deliveries=rows, later=later, open_files=open_files)


def new() -> ResponseReturnValue:
    platform = data.platform_catalogue()[actor().platform]
    bound = bind(
        MonthFileForm,
        "platform/settlements/new.html",
        start=request.args.to_dict(),
        columns=COLUMNS,
        example=EXAMPLE,
        known=[(platform, layout) for layout in platform.layouts],
        platform_labels=platform_labels,
    )
    if not bound.accepted:
        return bound.page()
    command, instead_of = bound.form.command_for(platform.code), request.args.get("instead_of", type=int)
    received = receipts.receive(db.session(), stores(), command, by=actor(), at=now(), instead_of=instead_of)
    commit()
    return on_its_way(received)
