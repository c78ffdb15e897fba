"""A loaded version of a plan: what it changes, and its confirmation or refusal by a second manager."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.plans import RefuseReportForm
from portal.clock import now
from portal.domain.plan_changes import changes, counted
from portal.domain.plan_texts import known_plan
from portal.models.base import db
from portal.queries import accounts
from portal.queries import plans as known
from portal.services import plans
from portal.web.access import actor
from portal.web.binding import bind, commit


def show(id: int) -> ResponseReturnValue:
    return render_template("policy/plans/version.html", **_about(id))


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, "policy/plans/version.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    code = plans.confirm(db.session(), id, by=actor(), at=now()).version.plan.code
    commit()
    flash(_("확인했습니다. 이 판이 지금부터 쓰입니다."), "success")
    return redirect(url_for("policy.plans_show", code=code))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(RefuseReportForm, "policy/plans/version_refuse.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    plans.refuse_version(db.session(), id, bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("확인하지 않았습니다. 올린 사람에게 사유를 알렸습니다."), "success")
    return redirect(url_for("policy.plan_versions_show", id=id))


def _about(id: int) -> dict[str, Any]:
    """What every page of a version shows."""
    check = known.check_of(db.session(), id, actor())
    version = check.version
    tree, before = known_plan(version.text), known.version_in_force(db.session(), version.plan_id)
    other = known_plan(before.text) if before is not None and before.id != version.id else None
    return {
        "check": check,
        "version": version,
        "tree": tree,
        "counts": counted(tree),
        "before": before,
        "changed": changes(other, tree),
        "loader": accounts.name_of(db.session(), version.loaded_by),
        "actions": known.version_actions(db.session(), check, actor()),
    }
