"""Extending the period in which the office answers."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.clocks import ExtendForm
from portal.clock import now, today
from portal.domain.extensions import ExtensionStatus
from portal.models.base import db
from portal.queries import cases, clocks
from portal.services import extensions, holidays
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import stores


def extend(id: int) -> ResponseReturnValue:
    case = cases.case(db.session(), id, actor(), on=today())
    table = holidays.observed(db.session(), actor().organisation_id or 0)
    clock = clocks.of(db.session(), case.application, table, actor(), on=today())
    bound = bind(ExtendForm, "official/applications/extension.html", case=case, clock=clock)
    if not bound.accepted:
        return bound.page()
    extension = extensions.extend(db.session(), stores(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    asked = _("신청인에게 동의를 구하는 문서를 보냈습니다.")
    done = _("처리기간을 늘리고 통지서를 보냈습니다.")
    flash(asked if extension.status is ExtensionStatus.ASKED else done, "success")
    return redirect(url_for("official.applications_show", id=id))
