"""Services in kind on which somebody's word is awaited, and what officials decide where it does not come."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.service_rulings import EndPassForm, SendBackForm, VouchForm
from portal.clock import now, today
from portal.domain.service_passes import LIFECYCLE
from portal.models.base import db
from portal.queries import audit, service_pass_waits
from portal.queries import service_passes as look_up
from portal.services import service_pass_rulings as rulings
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of


def index() -> ResponseReturnValue:
    rows = service_pass_waits.of_organisation(db.session(), actor(), on=today())
    return render_template("official/service_passes/index.html", rows=rows)


def show(id: int) -> ResponseReturnValue:
    return render_template("official/service_passes/show.html", **_about(id))


def document(id: int) -> ResponseReturnValue:
    return paper_of(look_up.of_organisation(db.session(), id, actor()))


def vouch(id: int) -> ResponseReturnValue:
    bound = bind(VouchForm, "official/service_passes/rule.html", step="vouch", **_about(id))
    if not bound.accepted:
        return bound.page()
    rulings.vouch(db.session(), id, bound.form.reason.data or "", by=actor(), at=now())
    commit()
    flash(_("결재를 올렸습니다. 다른 사람이 확인하면 플랫폼이 대금을 청구할 수 있습니다."), "success")
    return redirect(url_for("official.service_passes_index"))


def end(id: int) -> ResponseReturnValue:
    bound = bind(EndPassForm, "official/service_passes/rule.html", step="end", **_about(id))
    if not bound.accepted:
        return bound.page()
    rulings.end(db.session(), id, bound.form.reason.data or "", by=actor(), at=now())
    commit()
    flash(_("이용권을 끝내고 소상공인과 플랫폼에 알렸습니다."), "success")
    return redirect(url_for("official.service_passes_index"))


def uphold(id: int) -> ResponseReturnValue:
    rulings.uphold(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("드린 것으로 확인하고 소상공인과 플랫폼에 알렸습니다."), "success")
    return redirect(url_for("official.service_passes_index"))


def send_back(id: int) -> ResponseReturnValue:
    bound = bind(SendBackForm, "official/service_passes/rule.html", step="send_back", **_about(id))
    if not bound.accepted:
        return bound.page()
    rulings.send_back(db.session(), id, bound.form.reason.data or "", by=actor(), at=now())
    commit()
    flash(_("돌려보냈습니다."), "success")
    return redirect(url_for("official.service_passes_show", id=id))


def _about(id: int) -> dict[str, Any]:
    found = look_up.of_organisation(db.session(), id, actor())
    until = service_pass_waits.until(found)
    return {
        "found": found,
        "until": until,
        "over": until is not None and until < today(),
        "actions": LIFECYCLE.actions(found.status, actor(), audit.done_by(db.session(), LIFECYCLE.noun, id)),
        "history": labels.happenings(LIFECYCLE.noun, audit.timeline(db.session(), LIFECYCLE.noun, id)),
    }
