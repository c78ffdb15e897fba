"""Objecting to a decision: what may still be objected to, the form, where one's objection stands, taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.objections import FileObjectionForm, WithdrawObjectionForm
from portal.clock import now, today
from portal.data import law_of_objections
from portal.domain.identifiers import format_phone
from portal.domain.objections import remedies
from portal.models.base import db
from portal.queries import objection_pages
from portal.queries import objections as look_up
from portal.services import objections
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores


def index() -> ResponseReturnValue:
    return render_template(
        "merchant/objections/index.html",
        rows=objection_pages.of_owner(db.session(), actor()),
        grounds=objection_pages.open_to(db.session(), actor(), law_of_objections(), on=today()),
        today=today(),
    )


def new() -> ResponseReturnValue:
    letter_id = request.args.get("letter", default=0, type=int)
    ground = look_up.ground_of(db.session(), letter_id, actor(), law_of_objections())
    raised = look_up.of_letter(db.session(), letter_id)
    if raised is not None and request.method == "GET":
        return redirect(url_for("merchant.objections_show", id=raised.id))
    after = remedies(ground.notified_on, law_of_objections()) if ground else []
    start = {"phone": format_phone(ground.application.merchant.phone)} if ground else {}
    bound = bind(
        FileObjectionForm, "merchant/objections/new.html", start=start, ground=ground, remedies=after, today=today()
    )
    if not bound.accepted:
        return bound.page()
    filed = objections.file(db.session(), stores(), bound.form.to_command(letter_id), by=actor(), at=now())
    commit()
    flash(_("이의신청을 냈습니다. 결과를 문서로 알려 드립니다."), "success")
    return redirect(url_for("merchant.objections_show", id=filed.id))


def show(id: int) -> ResponseReturnValue:
    return render_template(
        "merchant/objections/show.html",
        page=objection_pages.own_page(db.session(), id, actor(), law_of_objections()),
        today=today(),
    )


def document(id: int) -> ResponseReturnValue:
    """The paper handed in with one's own objection."""
    return paper_of(look_up.owned(db.session(), id, actor()))


def withdraw(id: int) -> ResponseReturnValue:
    page = objection_pages.own_page(db.session(), id, actor(), law_of_objections())
    bound = bind(WithdrawObjectionForm, "merchant/objections/withdraw.html", page=page)
    if not bound.accepted:
        return bound.page()
    objections.withdraw(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("이의신청을 취하했습니다."), "success")
    return redirect(url_for("merchant.objections_show", id=id))
