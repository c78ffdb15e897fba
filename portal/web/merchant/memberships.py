"""Where associations want to apply for one's business: saying yes or no."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from portal.clock import now
from portal.models.base import db
from portal.queries import rosters
from portal.services import memberships
from portal.web.access import actor
from portal.web.binding import bind, commit

_PAGE = "merchant/memberships/index.html"


def index() -> ResponseReturnValue:
    return render_template(_PAGE, rows=rosters.asked(db.session(), actor()))


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, _PAGE, rows=rosters.asked(db.session(), actor()))
    if not bound.accepted:
        return bound.page()
    memberships.confirm(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("동의했습니다. 상인회가 신청하면 알려 드립니다."), "success")
    return redirect(url_for("merchant.memberships_index"))


def decline(id: int) -> ResponseReturnValue:
    bound = bind(Form, _PAGE, rows=rosters.asked(db.session(), actor()))
    if not bound.accepted:
        return bound.page()
    memberships.decline(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("동의하지 않았습니다. 상인회에 알렸습니다."), "success")
    return redirect(url_for("merchant.memberships_index"))
