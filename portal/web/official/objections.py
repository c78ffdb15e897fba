"""Objections as the office answers them: the register, a case, and the steps from taking it up to the decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.objections import DecideForm, DraftAnswerForm, ExtendForm, ObjectionFilterForm, SendBackForm
from portal.clock import now, today
from portal.data import law_of_objections
from portal.domain.approvals import Matter
from portal.domain.declarations import NO_INTEREST
from portal.domain.objections import OUTCOMES
from portal.models.base import db
from portal.queries import objection_pages, signings
from portal.queries import objections as look_up
from portal.services import approvals, declarations, objections
from portal.web import objection_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores

Act = Callable[[Any, datetime], object]


def index() -> ResponseReturnValue:
    form = ObjectionFilterForm(request.args, statuses=objection_labels.CHOICES)
    after = request.args.get("after", "")
    return render_template(
        "official/objections/index.html",
        form=form,
        page=objection_pages.page_of(db.session(), actor(), form.chosen, on=today(), after=after),
        counts=objection_pages.counts(db.session(), actor(), on=today()),
        today=today(),
    )


def show(id: int) -> ResponseReturnValue:
    signing = signings.of(db.session(), Matter.OBJECTION, id)
    return render_template("official/objections/show.html", signing=signing, **_about(id))


def document(id: int) -> ResponseReturnValue:
    """The paper handed in with an objection."""
    return paper_of(look_up.of_organisation(db.session(), id, actor()))


def declare_none(id: int) -> ResponseReturnValue:
    objection = look_up.of_organisation(db.session(), id, actor())
    declarations.declare(db.session(), objection.application_id, NO_INTEREST, by=actor(), at=now())
    commit()
    flash(_("이해관계가 없음을 밝혔습니다."), "success")
    return redirect(url_for("official.objections_show", id=id))


def take_up(id: int) -> ResponseReturnValue:
    objections.take_up(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("심사를 맡았습니다."), "success")
    return redirect(url_for("official.objections_show", id=id))


def extend(id: int) -> ResponseReturnValue:
    def act(form: ExtendForm, at: datetime) -> object:
        return objections.extend(db.session(), stores(), id, form.reason.data or "", by=actor(), at=at)

    return _step(id, ExtendForm, "extend", act, _("처리기간을 연장하고 통지서를 보냈습니다."))


def draft(id: int) -> ResponseReturnValue:
    def act(form: DraftAnswerForm, at: datetime) -> object:
        return objections.draft(db.session(), id, form.to_command(), by=actor(), at=at)

    found = look_up.of_organisation(db.session(), id, actor())
    offered = {each: objection_labels.OUTCOMES[each] for each in OUTCOMES[found.against]}
    start = {"outcome": found.outcome, "amount": found.amount, "answer": found.answer}
    form = partial(DraftAnswerForm, outcomes=offered)
    return _step(id, form, "draft", act, _("심사 결과를 올렸습니다. 다른 사람이 결정합니다."), start)


def send_back(id: int) -> ResponseReturnValue:
    def act(form: SendBackForm, at: datetime) -> object:
        return objections.send_back(db.session(), id, form.note.data or "", by=actor(), at=at)

    return _step(id, SendBackForm, "send_back", act, _("심사 담당자에게 돌려보냈습니다."))


def decide(id: int) -> ResponseReturnValue:
    def act(form: DecideForm, at: datetime) -> object:
        return objections.decide(db.session(), stores(), id, note=form.note.data or "", by=actor(), at=at)

    return _step(id, DecideForm, "decide", act, _("이의신청을 결정하고 결과 통지서를 보냈습니다."))


def _step(
    id: int, kind: Callable[..., Form], action: str, act: Act, done: str, start: dict[str, Any] | None = None
) -> ResponseReturnValue:
    """One step of a case on a page of its own, with what was objected beside it."""
    bound = bind(kind, "official/objections/step.html", start=start, action=action, **_about(id))
    if not bound.accepted:
        return bound.page()
    act(bound.form, now())
    commit()
    flash(done, "success")
    return redirect(url_for("official.objections_show", id=id))


def _about(id: int) -> dict[str, Any]:
    """What every page of a case shows."""
    page = objection_pages.page(db.session(), id, actor(), law_of_objections())
    deciders = approvals.deciders(db.session(), Matter.OBJECTION, page.objection.at_stake, by=actor(), at=now())
    return {"page": page, "deciders": deciders, "today": today()}
