"""Saying whether one agrees to a second extension of the office's time."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.clocks import ConsentForm
from portal.clock import now
from portal.models.base import db
from portal.queries import applications, clocks
from portal.services import extensions
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import stores


def answer(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    waiting = clocks.waiting_for_consent(db.session(), id)
    bound = bind(ConsentForm, "merchant/applications/extension.html", dossier=dossier, waiting=waiting)
    if not bound.accepted:
        return bound.page()
    if bound.form.agrees:
        extensions.agree(db.session(), stores(), id, by=actor(), at=now())
    else:
        extensions.decline(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("답을 보냈습니다. 고맙습니다."), "success")
    return redirect(url_for("merchant.applications_show", id=id))
