"""A merchant's agents with a power of attorney: who they are, naming one, ending a mandate."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.mandates import GiveMandateForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import mandates, merchants
from portal.services import mandates as services
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores


def index() -> ResponseReturnValue:
    agents = mandates.given(db.session(), actor())
    held = mandates.held(db.session(), actor(), today())
    return render_template("merchant/agents/index.html", agents=agents, held=held, today=today())


def new() -> ResponseReturnValue:
    places = merchants.of_owner(db.session(), actor())
    form = partial(GiveMandateForm, places=[(place.id, place.trade_name) for place in places])
    bound = bind(form, "merchant/agents/new.html", places=places)
    if not bound.accepted:
        return bound.page()
    services.give(db.session(), stores().evidence, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("대리인을 정했습니다. 언제든지 거둘 수 있습니다."), "success")
    return redirect(url_for("merchant.agents_index"))


def paper(id: int) -> ResponseReturnValue:
    return paper_of(mandates.of_owner(db.session(), id, actor()))


def revoke(id: int) -> ResponseReturnValue:
    services.revoke(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("위임을 거두었습니다. 대리인은 지금부터 아무 일도 할 수 없습니다."), "success")
    return redirect(url_for("merchant.agents_index"))
