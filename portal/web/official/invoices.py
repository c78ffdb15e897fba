"""Invoices of platform firms: looked at, accepted into claims, or given back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.services import RefuseInvoiceForm
from portal.clock import now
from portal.models.base import db
from portal.queries import invoices as look_up
from portal.services import invoices
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    return render_template("official/invoices/index.html", rows=look_up.of_organisation(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    return render_template(
        "official/invoices/show.html",
        invoice=look_up.one(db.session(), id, actor()),
        claims=look_up.claims_of(db.session(), id),
    )


def accept(id: int) -> ResponseReturnValue:
    number = len(invoices.accept(db.session(), id, by=actor(), at=now()))
    commit()
    flash(_("청구를 접수하여 지급할 금액 %(number)s건을 올렸습니다. 다른 사람이 승인합니다.", number=number), "success")
    return redirect(url_for("official.invoices_show", id=id))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(RefuseInvoiceForm, "official/invoices/refuse.html", invoice=look_up.one(db.session(), id, actor()))
    if not bound.accepted:
        return bound.page()
    invoices.refuse(db.session(), id, bound.form.reason.data or "", by=actor(), at=now())
    commit()
    flash(_("청구를 반려했습니다."), "success")
    return redirect(url_for("official.invoices_show", id=id))
