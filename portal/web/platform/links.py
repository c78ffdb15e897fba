"""Links of merchants to the platform's own stores: reading them, and saying which are right."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.links import LinkFilterForm, LinkRefusalForm
from portal.clock import now
from portal.models.base import db
from portal.queries import links
from portal.queries.pages import next_key
from portal.services import links as services
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    status = LinkFilterForm(request.args, statuses=labels.LINK_STATUSES).chosen_status
    after = request.args.get("after", 0, type=int)
    rows = links.page(db.session(), actor(), status=status, after=after)
    counts, later = links.counts(db.session(), actor()), next_key(rows, links.PAGE)
    return render_template("platform/links/index.html", links=rows, status=status, counts=counts, later=later)


def show(id: int) -> ResponseReturnValue:
    return render_template("platform/links/show.html", **_about(id))


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, "platform/links/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.vouch(db.session(), id, platform=actor().platform, by=actor(), at=now())
    commit()
    flash(_("연결을 확인했습니다."), "success")
    return redirect(url_for("platform.links_index"))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(LinkRefusalForm, "platform/links/refuse.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    note = bound.form.to_command()
    services.deny(db.session(), id, platform=actor().platform, note=note, by=actor(), at=now())
    commit()
    flash(_("연결 신청을 거절했습니다."), "success")
    return redirect(url_for("platform.links_index"))


def _about(id: int) -> dict[str, Any]:
    return {"link": links.of_organisation(db.session(), id, actor())}
