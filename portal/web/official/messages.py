"""Mail and messages about notifications: how each went, and sending again what did not arrive."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from portal.clock import now
from portal.domain.messages import MessageStatus
from portal.models.base import db
from portal.queries import messages
from portal.services import messages as services
from portal.web.access import actor
from portal.web.binding import bind, commit

_INDEX = "official/messages/index.html"


def index() -> ResponseReturnValue:
    return render_template(_INDEX, **_log())


def send_again(id: int) -> ResponseReturnValue:
    messages.of_organisation(db.session(), id, actor())
    bound = bind(Form, _INDEX, **_log())
    if not bound.accepted:
        return bound.page()
    services.send_again(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("다시 보냅니다. 1분쯤 뒤에 결과를 확인해 주세요."), "success")
    return redirect(url_for("official.messages_index"))


def _log() -> dict[str, Any]:
    status = request.args.get("status", type=MessageStatus)  # what is none is left out
    before = request.args.get("before", type=int)
    return {
        "status": status,
        "log": messages.log(db.session(), actor(), status=status, before=before),
        "offered": current_app.config["SETTINGS"].channels,
    }
