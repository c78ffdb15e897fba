"""Entry by proxy: for whom an official entered, entering for one more, and the consent behind a case."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.mandates import ProxyAgainForm, ProxyEntryForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import mandates
from portal.services import mandates as acting
from portal.services import proxy_entries
from portal.web.access import actor, token
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores
from portal.web.registering import on_record, registration_form


def index() -> ResponseReturnValue:
    entered = mandates.entered(db.session(), actor())
    handed_in = mandates.handed_in(db.session(), actor())
    return render_template("official/proxy_entries/index.html", entered=entered, handed_in=handed_in, today=today())


def new() -> ResponseReturnValue:
    place = mandates.entered_place(db.session(), request.args.get("again", 0, type=int), actor())
    kind = registration_form(
        ProxyAgainForm if place else ProxyEntryForm, (row.year for row in place.sales) if place else ()
    )
    start = on_record(place) if place else None
    bound = bind(kind, "official/proxy_entries/new.html", start=start, place=place)
    if not bound.accepted:
        return bound.page()
    entry = proxy_entries.enter(db.session(), stores().evidence, bound.form.to_entry(), by=actor(), at=now())
    acting.begin_acting(db.session(), token(), entry.id, by=actor(), at=now())
    commit()
    flash(_("사업장을 등록했습니다. 이제 이 사업장의 신청서를 씁니다."), "success")
    return redirect(url_for("merchant.applications_new"))


def paper(id: int) -> ResponseReturnValue:
    """The signed consent, or the power of attorney, by which the case was entered."""
    return paper_of(mandates.paper_of_case(db.session(), id, actor()))
