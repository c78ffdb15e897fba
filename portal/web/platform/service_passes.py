"""The services merchants chose of the firm: what is to be given, what was reported, what was disputed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.services import ReportForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import service_pass_waits
from portal.queries import service_passes as look_up
from portal.services import service_passes
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores


def index() -> ResponseReturnValue:
    rows = look_up.of_firm(db.session(), actor())
    return render_template("platform/service_passes/index.html", rows=rows, today=today())


def report(id: int) -> ResponseReturnValue:
    """One service, and the form that says it was given."""
    found = look_up.supplied(db.session(), id, actor())
    until = service_pass_waits.until(found)
    bound = bind(ReportForm, "platform/service_passes/report.html", found=found, until=until, today=today())
    if not bound.accepted:
        return bound.page()
    proof = bound.form.to_proof()
    if proof is not None:
        service_passes.attach_proof(db.session(), stores().evidence, id, proof, by=actor(), at=now())
    service_passes.report(db.session(), id, bound.form.words.data or "", by=actor(), at=now())
    commit()
    flash(_("제공했다고 알렸습니다. 소상공인이 확인하면 대금을 청구할 수 있습니다."), "success")
    return redirect(url_for("platform.service_passes_index"))


def document(id: int) -> ResponseReturnValue:
    return paper_of(look_up.supplied(db.session(), id, actor()))


def give_up(id: int) -> ResponseReturnValue:
    service_passes.give_up(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("제공을 그만두었습니다. 소상공인이 다른 서비스를 고를 수 있습니다."), "success")
    return redirect(url_for("platform.service_passes_index"))
