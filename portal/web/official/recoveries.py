"""Recoveries up to the order: the list, a case, and the steps taken with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.recoveries import (
    ConfirmForm,
    DraftOrderForm,
    HearingForm,
    NoteForm,
    OpenRecoveryForm,
    PriorNoticeForm,
    RecoveryFilterForm,
)
from portal.clock import now, today
from portal.models.base import db
from portal.queries import objection_pages, recovery_pages
from portal.services import recoveries, recovery_drafts, recovery_receipts
from portal.web import recovery_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import stores

Act = Callable[[Any, datetime], object]


def index() -> ResponseReturnValue:
    form = RecoveryFilterForm(request.args, statuses=recovery_labels.CHOICES)
    after = request.args.get("after", "")
    return render_template(
        "official/recoveries/index.html",
        form=form,
        page=recovery_pages.page_of(db.session(), actor(), form.chosen, on=today(), after=after),
        counts=recovery_pages.counts(db.session(), actor()),
        today=today(),
        origins=recovery_labels.ORIGINS,
    )


def open() -> ResponseReturnValue:
    form = partial(OpenRecoveryForm, causes=recovery_labels.CAUSES, origins=recovery_labels.ORIGINS)
    asked = request.values
    month = recovery_pages.paid_month(
        db.session(), actor(), asked.get("programme", ""), asked.get("merchant", 0, type=int), asked.get("period", "")
    )
    bound = bind(form, "official/recoveries/open.html", start={"cause": "corrected", **request.args}, month=month)
    if not bound.accepted:
        return bound.page()
    recovery = recoveries.open_case(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("환수 검토를 시작했습니다. 사전통지를 보내면 소상공인이 의견을 낼 수 있습니다."), "success")
    return redirect(url_for("official.recoveries_show", id=recovery.id))


def show(id: int) -> ResponseReturnValue:
    raised = objection_pages.about_recovery(db.session(), id)
    return render_template("official/recoveries/show.html", raised=raised, **about(id))


def notify(id: int) -> ResponseReturnValue:
    def act(form: PriorNoticeForm, at: datetime) -> object:
        return recoveries.notify(db.session(), stores(), id, form.to_command(), by=actor(), at=at)

    start = {"days": 14, "reason": about(id)["page"].recovery.reason}
    return step(id, PriorNoticeForm, "notify", act, _("사전통지서를 보냈습니다."), start)


def hear(id: int) -> ResponseReturnValue:
    def act(form: HearingForm, at: datetime) -> object:
        return recoveries.hear(db.session(), id, form.note.data or "", by=actor(), at=at)

    return step(id, HearingForm, "hear", act, _("의견을 살펴본 결과를 적었습니다. 이제 결정안을 올립니다."))


def draft(id: int) -> ResponseReturnValue:
    def act(form: DraftOrderForm, at: datetime) -> object:
        return recoveries.draft(db.session(), id, form.to_command(), by=actor(), at=at)

    found = about(id)["page"].recovery
    start = {"amount": found.amount, "cause": found.cause, "reason": found.reason, "days": found.pay_days or 30}
    form = partial(DraftOrderForm, causes=recovery_labels.CAUSES)
    return step(id, form, "draft", act, _("결정안을 올렸습니다. 다른 사람이 결정합니다."), start)


def send_back(id: int) -> ResponseReturnValue:
    def act(form: NoteForm, at: datetime) -> object:
        return recoveries.send_back(db.session(), id, form.note.data or "", by=actor(), at=at)

    return step(id, NoteForm, "send_back", act, _("결정안을 돌려보냈습니다."))


def order(id: int) -> ResponseReturnValue:
    def act(_form: ConfirmForm, at: datetime) -> object:
        return recoveries.order(db.session(), stores(), id, by=actor(), at=at)

    return step(id, ConfirmForm, "order", act, _("환수를 결정하고 환수 명령서를 보냈습니다."))


def drop(id: int) -> ResponseReturnValue:
    def act(form: NoteForm, at: datetime) -> object:
        return recoveries.drop(db.session(), stores(), id, form.note.data or "", by=actor(), at=at)

    return step(id, NoteForm, "drop", act, _("환수하지 않기로 하고 건을 끝냈습니다."))


def step(
    id: int,
    kind: Callable[..., Form],
    action: str,
    act: Act,
    done: str,
    start: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    """One step of a case on a page of its own, with the amount beside it."""
    bound = bind(kind, "official/recoveries/step.html", start=start, action=action, **about(id))
    if not bound.accepted:
        return bound.page()
    act(bound.form, now())
    commit()
    flash(done, "success")
    return redirect(url_for("official.recoveries_show", id=id))


def about(id: int) -> dict[str, Any]:
    """What every page of a case shows."""
    page = recovery_pages.page(db.session(), id, actor())
    return {
        "page": page,
        "lines": recovery_drafts.expected(db.session(), page.recovery, at=now()),
        "late": recovery_receipts.late_until(db.session(), page.recovery, on=today()),
        "recovery_labels": recovery_labels,
        "today": today(),
    }
