"""Declaring an interest in a case, or none: one click where there is none, a reason where there is one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.declarations import InterestForm
from portal.clock import now
from portal.domain.permissions import Permission
from portal.models.base import db
from portal.queries import cases, declarations
from portal.services import declarations as services
from portal.web.access import actor
from portal.web.binding import bind, commit

_HANDED_ON = _l("이해관계를 신고했습니다. 이 사건은 다른 담당자가 처리합니다.")


def declare(id: int) -> ResponseReturnValue:
    application = cases.of_organisation(db.session(), id, actor())
    declared = declarations.of_case(db.session(), id, actor().person_id)
    bound = bind(
        InterestForm, "official/declarations/new.html", application=application, declared=declared, back=_back(id)
    )
    if not bound.accepted:
        return bound.page()
    said = bound.form.to_command()
    services.declare(db.session(), id, said, by=actor(), at=now())
    commit()
    flash(str(_HANDED_ON) if said.has_interest else _("이해관계가 없음을 밝혔습니다."), "success")
    return redirect(_back(id))


def _back(id: int) -> str:
    """The case, or the payments for those who see no cases."""
    reads = actor().may(Permission.APPLICATION_READ)
    return url_for("official.applications_show", id=id) if reads else url_for("official.payments_index")
