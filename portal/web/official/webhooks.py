"""Where a platform's client is told of new links and refused rows, and sending again what it did not take."""

from __future__ import annotations

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.api_clients import WebhookForm
from forms.base import Form
from portal.clock import now
from portal.models.base import db
from portal.queries import api_clients, webhooks
from portal.services import webhooks as services
from portal.web.access import actor
from portal.web.binding import bind, commit

_FORM = "official/api_clients/webhook.html"


def register(id: int) -> ResponseReturnValue:
    client, known = api_clients.one(db.session(), id, actor()), webhooks.of_client(db.session(), id)
    bound = bind(WebhookForm, _FORM, start={"url": known.url if known else ""}, client=client)
    if not bound.accepted:
        return bound.page()
    services.register(
        db.session(), id, bound.form.to_command(), loopback=current_app.config["SETTINGS"].demo, by=actor(), at=now()
    )
    commit()
    flash(_("알림을 받을 주소를 정했습니다."), "success")
    return redirect(url_for("official.api_clients_show", id=id))


def end(id: int) -> ResponseReturnValue:
    bound = bind(Form, _FORM, client=api_clients.one(db.session(), id, actor()))
    if not bound.accepted:
        return bound.page()
    services.end(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("이제 알림을 보내지 않습니다."), "success")
    return redirect(url_for("official.api_clients_show", id=id))


def send_again(id: int) -> ResponseReturnValue:
    message = webhooks.message(db.session(), id, actor())
    bound = bind(Form, _FORM, client=message.webhook.client)
    if not bound.accepted:
        return bound.page()
    services.send_again(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("알림을 다시 보냅니다. 1분쯤 뒤에 결과를 확인해 주세요."), "success")
    return redirect(url_for("official.api_clients_show", id=message.webhook.api_client_id))
