"""Associations' applications as the office sees them: which members, by which papers, and how each of them stands."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from portal.clock import now
from portal.domain.bulk import offered
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.models.base import db
from portal.queries import rosters
from portal.services import roster_links
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of


def index() -> ResponseReturnValue:
    return render_template("official/rosters/index.html", rows=rosters.of_organisation(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/rosters/show.html", **_about(id))


def paper(id: int, paper: int) -> ResponseReturnValue:
    found = rosters.case(db.session(), id, actor()).papers.get(paper)
    if found is None:
        raise NotFound(f"paper {paper}")
    return paper_of(found)


def confirm_links(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/rosters/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    done = roster_links.confirm(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("매장 %(count)s곳의 연결을 확인했습니다.", count=done), "success")
    return redirect(url_for("official.rosters_show", id=id))


def _about(id: int) -> dict[str, Any]:
    may = offered(actor()) if actor().may(Permission.BULK_PREPARE) else ()
    found = rosters.case(db.session(), id, actor())
    links, looks = rosters.links_of(db.session(), found), rosters.looks_of(db.session(), found)
    return {"listed": found, "links": links, "looks": looks, "offered": may}
