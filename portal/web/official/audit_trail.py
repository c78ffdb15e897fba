"""The audit trail of the office, and the seals that hold it, for whoever audits; nothing here changes anything."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from forms.audit_trail import AuditFilterForm
from portal.models.base import db
from portal.queries import audit_trail
from portal.web import audit_labels
from portal.web.access import actor


def show() -> ResponseReturnValue:
    form = AuditFilterForm(request.args, nouns=audit_labels.NOUNS.items())
    before = request.args.get("before", type=int)
    return render_template(
        "official/audit_trail/show.html",
        form=form,
        page=audit_trail.page(db.session(), actor(), noun=form.chosen, before=before),
        seals=audit_trail.seals(db.session()),
        audit_labels=audit_labels,
    )
