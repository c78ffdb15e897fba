"""Plans as policymakers and managers see them: the tree with its figures, one node, and files to take away."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.models.base import db
from portal.queries import plan_reports
from portal.queries import plans as known
from portal.services import plans
from portal.web.access import actor
from portal.web.files import attachment
from portal.web.plan_pages import node_page, tree_page


def index() -> ResponseReturnValue:
    waiting = known.waiting(db.session(), actor())
    return render_template("policy/plans/index.html", rows=known.rows(db.session(), actor()), waiting=waiting)


def show(code: str) -> ResponseReturnValue:
    standing = known.standing(db.session(), known.one(db.session(), code, actor()))
    waiting = plan_reports.waiting(db.session(), standing.known.plan.id)
    return render_template("policy/plans/show.html", waiting=waiting, **tree_page(standing))


def node(code: str, node: str) -> ResponseReturnValue:
    standing = known.standing(db.session(), known.one(db.session(), code, actor()))
    reports = plan_reports.of_node(db.session(), standing.known.plan.id, node)
    return render_template("policy/plans/node.html", reports=reports, **node_page(standing, node))


def download(code: str, kind: str) -> ResponseReturnValue:
    standing = known.standing(db.session(), known.one(db.session(), code, actor()))
    return attachment(*plans.file(standing, kind, at=now(), demo=current_app.config["SETTINGS"].demo))
