"""Changing a grant: the reviewer's proposal and the approver's word."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.grant_changes import GrantChangeDecisionForm, GrantChangeForm
from portal.clock import now, today
from portal.domain.approvals import Matter
from portal.models.base import db
from portal.queries import cases
from portal.queries import grant_changes as look_up
from portal.services import approvals, grant_changes
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import stores


def propose(id: int) -> ResponseReturnValue:
    case = cases.case(db.session(), id, actor(), on=today())
    claimed = look_up.claimed(db.session(), id)
    page = "official/applications/change.html"
    bound = bind(GrantChangeForm, page, start={"amount": case.amount}, case=case, claimed=claimed)
    if not bound.accepted:
        return bound.page()
    grant_changes.propose(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("교부 결정의 변경을 올렸습니다. 결재할 때까지 이 신청의 지원금은 지급하지 않습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def decide(id: int) -> ResponseReturnValue:
    case = cases.case(db.session(), id, actor(), on=today())
    change = look_up.open_of(db.session(), id)
    deciders = approvals.deciders(db.session(), Matter.DECISION, change.amount, by=actor(), at=now())
    page = "official/applications/change_decision.html"
    bound = bind(GrantChangeDecisionForm, page, case=case, change=change, deciders=deciders)
    if not bound.accepted:
        return bound.page()
    note = bound.form.note.data or ""
    if bound.form.outcome.data == "approve":
        grant_changes.approve(db.session(), stores(), id, note=note, by=actor(), at=now())
    else:
        grant_changes.refuse(db.session(), id, note=note, by=actor(), at=now())
    commit()
    flash(_("교부 결정의 변경을 결재했습니다. 미뤄 둔 지원금은 다음 지급 목록에 들어갑니다."), "success")
    return redirect(url_for("official.applications_show", id=id))
