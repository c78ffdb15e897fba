"""What an approver does to a case: approving, rejecting, sending it back."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.clocks import ReturnForm
from forms.decisions import ApproveForm, RejectForm, SendBackForm
from portal.clock import now, today
from portal.domain.approvals import Matter
from portal.models.base import db
from portal.queries import cases
from portal.services import approvals, decisions, returns
from portal.web.access import actor
from portal.web.binding import bind, commit, sent
from portal.web.files import stores


def approve(id: int) -> ResponseReturnValue:
    case = cases.for_step(db.session(), id, actor(), "approve", on=today(), sent=sent())
    deciders = approvals.deciders(db.session(), Matter.DECISION, case.amount, by=actor(), at=now())
    may_sign = not deciders or actor().name in deciders  # of namesakes the service knows which is meant
    bound = bind(ApproveForm, "official/applications/approve.html", case=case, deciders=deciders, may_sign=may_sign)
    if not bound.accepted:
        return bound.page()
    decisions.approve(db.session(), stores(), id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("교부를 결정했습니다. 교부결정통지서를 보냈습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def reject(id: int) -> ResponseReturnValue:
    case = cases.for_step(db.session(), id, actor(), "reject", on=today(), sent=sent())
    bound = bind(RejectForm, "official/applications/reject.html", start={"reasons": case.proposed_reasons}, case=case)
    if not bound.accepted:
        return bound.page()
    decisions.reject(db.session(), stores(), id, reasons=bound.form.reasons.data or "", by=actor(), at=now())
    commit()
    flash(_("불선정을 결정했습니다. 통지서를 보냈습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def send_back(id: int) -> ResponseReturnValue:
    case = cases.for_step(db.session(), id, actor(), "send_back", on=today(), sent=sent())
    bound = bind(SendBackForm, "official/applications/send_back.html", case=case)
    if not bound.accepted:
        return bound.page()
    decisions.send_back(db.session(), id, reasons=bound.form.reasons.data or "", by=actor(), at=now())
    commit()
    flash(_("검토 담당자에게 돌려보냈습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def give_back(id: int) -> ResponseReturnValue:
    case = cases.for_step(db.session(), id, actor(), "return", on=today(), sent=sent())
    bound = bind(ReturnForm, "official/applications/give_back.html", case=case)
    if not bound.accepted:
        return bound.page()
    returns.give_back(db.session(), stores(), id, reasons=bound.form.reasons.data or "", by=actor(), at=now())
    commit()
    flash(_("반려했습니다. 반려 통지서를 보냈습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))
