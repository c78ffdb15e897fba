"""Answering a request for supplement."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.clocks import MoreTimeForm
from forms.supplements import AnswerForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import applications, clocks, supplement_parts
from portal.services import applications as application_services
from portal.services import holidays, supplements
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.dates import day
from portal.web.files import stores
from portal.web.merchant.steps import mending


def answer(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    missing = mending(id, application_services.missing(dossier.application))
    bound = bind(
        AnswerForm,
        "merchant/applications/supplement.html",
        dossier=dossier,
        missing=missing,
        opened=supplement_parts.opened(dossier.application),
        mending=supplement_parts.mending(dossier.application),
        today=today(),
    )
    if not bound.accepted:
        return bound.page()
    answered = supplements.answer(db.session(), id, bound.form.answer.data or "", by=actor(), at=now())
    late = answered.supplements[-1].days_late
    commit()
    in_time, after = (
        _("보완 내용을 냈습니다."),
        _("보완 내용을 냈습니다. 기한이 %(days)s일 지났지만 받았습니다.", days=late),
    )
    flash(after if late else in_time, "success")
    return redirect(url_for("merchant.applications_show", id=id))


def extend(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    clock = clocks.of(db.session(), dossier.application, _holidays(dossier), actor(), on=today())
    bound = bind(MoreTimeForm, "merchant/applications/more_time.html", dossier=dossier, clock=clock)
    if not bound.accepted:
        return bound.page()
    asked = supplements.extend(db.session(), stores(), id, bound.form.to_command(), by=actor(), at=now())
    until = day(asked.due_on)
    commit()
    flash(_("보완 기한을 %(day)s까지 늘렸습니다.", day=until), "success")
    return redirect(url_for("merchant.supplements_answer", id=id))


def _holidays(dossier: applications.Dossier) -> dict[date, str]:
    return holidays.observed(db.session(), dossier.published.programme.organisation_id)
