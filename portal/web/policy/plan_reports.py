"""Reports of what a sub-project spent and reached: written by one manager, confirmed or refused by another."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.plans import RefuseReportForm, report_form
from portal.clock import now, today
from portal.domain.plans import may_type, typed_indicators
from portal.models.base import db
from portal.queries import plan_reports as look_up
from portal.queries import plans as known
from portal.services import plan_reports
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores


def new(code: str, node: str) -> ResponseReturnValue:
    found = known.one(db.session(), code, actor())
    project = found.tree.project(node)
    sources = {each: labels.SOURCES[each] for each in project.sources if may_type(project)}
    form = report_form(found.tree.years, sources, typed_indicators(project, found.tree))
    about = {"known": found, "node": project, "above": found.tree.above(node)}
    start = {"year": found.tree.years[-1], "as_of": today()}
    bound = bind(form, "policy/plans/report.html", start=start, **about)
    if not bound.accepted:
        return bound.page()
    made = plan_reports.report(db.session(), stores(), code, bound.form.to_command(node), by=actor(), at=now())
    commit()
    flash(_("올렸습니다. 다른 사업 담당이 확인하면 실적에 들어갑니다."), "success")
    return redirect(url_for("policy.plan_reports_show", id=made.id))


def show(id: int) -> ResponseReturnValue:
    return render_template("policy/plans/report_shown.html", **_about(id))


def document(id: int) -> ResponseReturnValue:
    return paper_of(look_up.one(db.session(), id, actor()).report)


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, "policy/plans/report_shown.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    plan_reports.confirm(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("확인했습니다. 이제 실적에 들어갑니다."), "success")
    return redirect(url_for("policy.plan_reports_show", id=id))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(RefuseReportForm, "policy/plans/refuse.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    plan_reports.refuse(db.session(), id, bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("확인하지 않았습니다. 보고한 사람에게 사유를 알렸습니다."), "success")
    return redirect(url_for("policy.plan_reports_show", id=id))


def _about(id: int) -> dict[str, Any]:
    """What every page of a report shows."""
    row = look_up.one(db.session(), id, actor())
    found = known.one(db.session(), row.report.plan.code, actor())
    return {
        "row": row,
        "known": found,
        "node": found.tree.node(row.report.node),
        "figures": known.figures_of(found, row.report),
        "actions": look_up.actions(db.session(), row.check, actor()),
    }
