"""API clients of partner platforms, for the administrator of the organisation whose data they work on."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.api_clients import SCOPES, ApiClientForm
from forms.base import Form
from portal.clock import now, today
from portal.domain.api_clients import split
from portal.models.base import db
from portal.queries import api_clients, audit, webhooks
from portal.services import api_clients as services
from portal.web import codes, labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    clients = api_clients.of_organisation(db.session(), actor())
    return render_template("official/api_clients/index.html", clients=clients, now=now())


def new() -> ResponseReturnValue:
    """The answer to the form is the page with the secret: a redirection would have to carry it somewhere."""
    form = partial(ApiClientForm, platforms=codes.platform_choices())
    start = {"expires_on": today() + timedelta(days=365), "scopes": [scope.value for scope in SCOPES]}
    bound = bind(form, "official/api_clients/new.html", start=start)
    if not bound.accepted:
        return bound.page()
    issued = services.register(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    return render_template("official/api_clients/secret.html", issued=issued)


def show(id: int) -> ResponseReturnValue:
    return render_template("official/api_clients/show.html", **_about(id))


def rotate(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/api_clients/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    issued = services.rotate(db.session(), id, by=actor(), at=now())
    commit()
    return render_template("official/api_clients/secret.html", issued=issued)


def revoke(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/api_clients/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.revoke(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("연결을 닫았습니다. 이 연결의 토큰은 이제 쓸 수 없습니다."), "success")
    return redirect(url_for("official.api_clients_show", id=id))


def _about(id: int) -> dict[str, Any]:
    client = api_clients.one(db.session(), id, actor())
    return {
        "client": client,
        "now": now(),
        "scopes": [name for scope, name in SCOPES.items() if scope in split(client.scopes)],
        "webhook": webhooks.of_client(db.session(), id),
        "messages": webhooks.log(db.session(), id),
        "history": labels.happenings("api_client", audit.timeline(db.session(), "api_client", id)),
    }
