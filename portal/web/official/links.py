"""The officials' list of links between merchants and stores: confirming, refusing, ending them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.links import LinkEndForm, LinkFilterForm, LinkRefusalForm
from portal import data
from portal.clock import now
from portal.models.base import db
from portal.queries import audit, links
from portal.queries.pages import next_key
from portal.services import links as services
from portal.web import codes, labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    form = LinkFilterForm(request.args, statuses=labels.LINK_STATUSES, platforms=codes.platform_choices())
    rows = links.page(
        db.session(),
        actor(),
        status=form.chosen_status,
        platform=form.platform.data or "",
        after=request.args.get("after", 0, type=int),
    )
    return render_template(
        "official/links/index.html",
        form=form,
        links=rows,
        later=next_key(rows, links.PAGE),
        counts=links.counts(db.session(), actor()),
    )


def show(id: int) -> ResponseReturnValue:
    return render_template("official/links/show.html", **_about(id))


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/links/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.confirm(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("연결을 확인했습니다."), "success")
    return redirect(url_for("official.links_index"))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(LinkRefusalForm, "official/links/refuse.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.refuse(db.session(), id, note=bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("연결 신청을 거절했습니다."), "success")
    return redirect(url_for("official.links_index"))


def end(id: int) -> ResponseReturnValue:
    bound = bind(LinkEndForm, "official/links/end.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.end(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("연결을 끝냈습니다."), "success")
    return redirect(url_for("official.links_show", id=id))


def _about(id: int) -> dict[str, Any]:
    link = links.of_organisation(db.session(), id, actor())
    return {
        "link": link,
        "platform": data.platform_catalogue().get(link.platform),
        "history": labels.happenings("link", audit.timeline(db.session(), "link", id)),
    }
