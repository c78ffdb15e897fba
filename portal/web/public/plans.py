"""Plans that are open to all: the tree with its figures, without who reported what."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.models.base import db
from portal.queries import plans as known
from portal.web.plan_pages import node_page, tree_page


def index() -> ResponseReturnValue:
    return render_template("public/plans/index.html", rows=known.public_rows(db.session()))


def show(code: str) -> ResponseReturnValue:
    standing = known.standing(db.session(), known.public_one(db.session(), code))
    return render_template("public/plans/show.html", **tree_page(standing))


def node(code: str, node: str) -> ResponseReturnValue:
    standing = known.standing(db.session(), known.public_one(db.session(), code))
    return render_template("public/plans/node.html", **node_page(standing, node))
