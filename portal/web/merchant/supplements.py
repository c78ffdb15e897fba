"""Answering a request for supplement."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.supplements import AnswerForm
from portal.clock import now
from portal.models.base import db
from portal.queries import applications
from portal.services import applications as application_services
from portal.services import supplements
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.merchant.steps import mending


def answer(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    missing = mending(id, application_services.missing(dossier.application))
    bound = bind(AnswerForm, "merchant/applications/supplement.html", dossier=dossier, missing=missing)
    if not bound.accepted:
        return bound.page()
    supplements.answer(db.session(), id, bound.form.answer.data or "", by=actor(), at=now())
    commit()
    flash(_("보완 내용을 냈습니다."), "success")
    return redirect(url_for("merchant.applications_show", id=id))
