"""A merchant's stores at the platforms: naming one, and what became of it."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.links import LinkForm
from portal import data
from portal.clock import now
from portal.models.base import db
from portal.queries import links, merchants
from portal.services import links as services
from portal.web import codes
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    places = [(place.id, place.trade_name) for place in merchants.of_owner(db.session(), actor())]
    bound = bind(
        partial(LinkForm, merchants=places, platforms=codes.platform_choices()),
        "merchant/links/index.html",
        places=places,
        links=links.of_owner(db.session(), actor()),
        notes=links.notes_for(db.session(), actor()),
        catalogue=data.platform_catalogue().values(),
    )
    if not bound.accepted:
        return bound.page()
    services.propose(db.session(), bound.form.merchant_id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("연결을 신청했습니다. 담당자가 확인하면 여기에서 알 수 있습니다."), "success")
    return redirect(url_for("merchant.links_index"))
