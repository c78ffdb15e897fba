"""Acting in a merchant's place: for whom one may, beginning it and ending it, for agents and for officials alike."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now, today
from portal.models.base import db
from portal.queries import mandates
from portal.services import mandates as services
from portal.web.access import actor, token
from portal.web.binding import commit


def index() -> ResponseReturnValue:
    return render_template("public/acting/index.html", held=mandates.held(db.session(), actor(), today()))


def begin(id: int) -> ResponseReturnValue:
    services.begin_acting(db.session(), token(), id, by=actor(), at=now())
    commit()
    return redirect(url_for("merchant.applications_index"))


def end() -> ResponseReturnValue:
    services.end_acting(db.session(), token())
    commit()
    flash(_("대신하기를 마쳤습니다."), "success")
    return redirect(url_for("public.acting_index"))
