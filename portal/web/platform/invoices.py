"""A firm's invoices for services that merchants confirmed, and what was paid on each."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.services import InvoiceForm
from portal.clock import now
from portal.models.base import db
from portal.queries import invoices as look_up
from portal.queries import proposals
from portal.services import invoices
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    found = proposals.of_firm(db.session(), actor())
    return render_template(
        "platform/invoices/index.html",
        rows=look_up.of_firm(db.session(), actor()),
        open_passes=[(each, look_up.open_passes(db.session(), each.id)) for each in found],
    )


def new(id: int) -> ResponseReturnValue:
    proposal = proposals.own(db.session(), id, actor())
    passes = look_up.open_passes(db.session(), id)
    named = [(each.id, f"{each.number} {each.application.merchant.trade_name}") for each in passes]
    sums = {"supply_value": sum(each.supply_value for each in passes), "vat": sum(each.vat for each in passes)}
    bound = bind(
        partial(InvoiceForm, passes=named),
        "platform/invoices/new.html",
        start=sums | {"passes": [str(each.id) for each in passes]},
        proposal=proposal,
        passes=passes,
    )
    if not bound.accepted:
        return bound.page()
    filed = invoices.file(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    number = filed.id
    commit()
    flash(_("대금을 청구했습니다."), "success")
    return redirect(url_for("platform.invoices_show", id=number))


def show(id: int) -> ResponseReturnValue:
    return render_template(
        "platform/invoices/show.html",
        invoice=look_up.own(db.session(), id, actor()),
        claims=look_up.claims_of(db.session(), id),
        credits=[each for each in look_up.credits(db.session(), id) if each.ordered_on is not None],
    )
