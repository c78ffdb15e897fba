"""Invoices of platform firms: looked at, accepted into claims or given back; taken back or corrected afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.service_rulings import CorrectForm, KeepForm, TakeBackForm
from forms.services import RefuseInvoiceForm
from portal.clock import now
from portal.domain.invoices import LIFECYCLE
from portal.models.base import db
from portal.queries import audit
from portal.queries import invoices as look_up
from portal.services import invoice_corrections as corrections
from portal.services import invoices
from portal.web import labels, service_labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    return render_template("official/invoices/index.html", rows=look_up.of_organisation(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    about = _about(id)
    invoice = about["invoice"]
    return render_template(
        "official/invoices/show.html",
        creditable=look_up.creditable(db.session(), invoice),
        actions=LIFECYCLE.actions(invoice.status, actor(), audit.done_by(db.session(), LIFECYCLE.noun, id)),
        history=labels.happenings(LIFECYCLE.noun, audit.timeline(db.session(), LIFECYCLE.noun, id)),
        **about,
    )


def accept(id: int) -> ResponseReturnValue:
    number = len(invoices.accept(db.session(), id, by=actor(), at=now()))
    commit()
    flash(_("청구를 접수하여 지급할 금액 %(number)s건을 올렸습니다. 다른 사람이 승인합니다.", number=number), "success")
    return redirect(url_for("official.invoices_show", id=id))


def refuse(id: int) -> ResponseReturnValue:
    def act(reason: str) -> object:
        return invoices.refuse(db.session(), id, reason, by=actor(), at=now())

    return _step(id, "refuse", RefuseInvoiceForm, act, _("청구를 반려했습니다."))


def propose_taking_back(id: int) -> ResponseReturnValue:
    def act(reason: str) -> object:
        return corrections.propose_taking_back(db.session(), id, reason, by=actor(), at=now())

    done = _("되돌리기를 올렸습니다. 다른 사람이 결재할 때까지 지급하지 않습니다.")
    return _step(id, "propose_taking_back", TakeBackForm, act, done)


def take_back(id: int) -> ResponseReturnValue:
    corrections.take_back(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("청구를 되돌렸습니다. 플랫폼이 다시 청구할 수 있습니다."), "success")
    return redirect(url_for("official.invoices_show", id=id))


def keep(id: int) -> ResponseReturnValue:
    def act(reason: str) -> object:
        return corrections.keep(db.session(), id, reason, by=actor(), at=now())

    return _step(id, "keep", KeepForm, act, _("되돌리지 않기로 했습니다."))


def correct(id: int) -> ResponseReturnValue:
    about = _about(id)
    passes, waiting = look_up.correctable(db.session(), about["invoice"])
    named = []
    for each in passes:
        shop = each.application.merchant.trade_name
        named.append((each.id, service_labels.paid_for(each.number, shop, each.offer.name, each.supply_value)))
    form = partial(CorrectForm, passes=named)
    bound = bind(form, "official/invoices/step.html", step="correct", waiting=waiting, **about)
    if not bound.accepted:
        return bound.page()
    chosen, reason = bound.form.chosen, bound.form.reason.data or ""
    corrections.correct(db.session(), id, chosen, reason, by=actor(), at=now())
    commit()
    flash(_("정정을 올렸습니다. 환수 화면에서 다른 사람이 결정합니다."), "success")
    return redirect(url_for("official.invoices_show", id=id))


def _step(id: int, name: str, kind: Callable[..., Any], act: Callable[[str], object], done: str) -> ResponseReturnValue:
    """One step that asks for a reason alone."""
    bound = bind(kind, "official/invoices/step.html", step=name, **_about(id))
    if not bound.accepted:
        return bound.page()
    act(bound.form.reason.data or "")
    commit()
    flash(done, "success")
    return redirect(url_for("official.invoices_show", id=id))


def _about(id: int) -> dict[str, Any]:
    """What is decided on, the same on the page and above every form."""
    return {
        "invoice": look_up.one(db.session(), id, actor()),
        "claims": look_up.claims_of(db.session(), id),
        "credits": look_up.credits(db.session(), id),
    }
