"""A merchant's evidence where no platform tells: handing it in, and what became of each line."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.evidence import EvidenceForm
from portal.clock import now
from portal.models.base import db
from portal.queries import evidence
from portal.services import evidence as services
from portal.web import codes, evidence_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores


def index() -> ResponseReturnValue:
    found = evidence.of_owner(db.session(), actor())
    return render_template(
        "merchant/evidence/index.html",
        evidence=found,
        reasons=evidence.reasons(db.session(), [each.id for each in found]),
        places=evidence.places_of(db.session(), actor()),
        kinds=evidence_labels.KINDS,
    )


def new() -> ResponseReturnValue:
    places = evidence.places_of(db.session(), actor())
    offered = [
        (f"{each.merchant_id}-{each.organisation_id}", f"{each.trade_name} · {each.organisation}") for each in places
    ]
    bound = bind(
        partial(EvidenceForm, places=offered, platforms=codes.platform_choices(), kinds=evidence_labels.KINDS),
        "merchant/evidence/new.html",
        start={"place": offered[0][0] if len(offered) == 1 else None},
        places=places,
    )
    if not bound.accepted:
        return bound.page()
    made = services.submit(db.session(), stores().evidence, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("증빙을 냈습니다. 담당자가 확인하면 여기에서 알 수 있습니다."), "success")
    return redirect(url_for("merchant.evidence_show", id=made.id))


def show(id: int) -> ResponseReturnValue:
    found = evidence.owned(db.session(), id, actor())
    return render_template(
        "merchant/evidence/show.html",
        evidence=found,
        lines=zip(found.lines, services.entered(found), strict=True),
        reason=evidence.reasons(db.session(), [id]).get(id, ""),
        evidence_labels=evidence_labels,
    )


def download(id: int) -> ResponseReturnValue:
    found = evidence.owned(db.session(), id, actor())
    return attachment(stores().evidence.read(found.sha256), found.filename, found.media_type)


def withdraw(id: int) -> ResponseReturnValue:
    services.withdraw(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("증빙을 취소했습니다."), "success")
    return redirect(url_for("merchant.evidence_index"))
