"""Programmes and their versions: proposed by one manager, published by another."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.programmes import ProposalForm
from portal.clock import now
from portal.domain.programme_changes import value_changes
from portal.domain.programme_drafts import read
from portal.models.base import db
from portal.queries import programme_versions
from portal.services import programmes
from portal.web import programme_labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    return render_template("official/programmes/index.html", rows=programme_versions.rows(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/programmes/show.html", **_about(id))


def propose() -> ResponseReturnValue:
    bound = bind(ProposalForm, "official/programmes/propose.html")
    if not bound.accepted:
        return bound.page()
    given = bound.form.to_command()
    version = programmes.propose(db.session(), given.text, file=given.file, by=actor(), at=now())
    commit()
    flash(_("게시를 요청했습니다. 다른 사업 담당자가 확인하고 게시합니다."), "success")
    return redirect(url_for("official.programmes_show", id=version.id))


def publish(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/programmes/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    version = programmes.publish(db.session(), id, by=actor(), at=now())
    commit()
    flash(programme_labels.published(version.status, version.effective_from), "success")
    return redirect(url_for("official.programmes_show", id=id))


def _about(id: int) -> dict[str, Any]:
    page = programme_versions.page(db.session(), id, actor())
    after, before = page.published.version.text, page.before.text if page.before else ""
    found = value_changes(before, after) if before else []
    return {"page": page, "changes": programme_labels.changes(found, read(before), read(after))}
