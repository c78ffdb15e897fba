"""The stop button: where payments stand, and the steps of those who stop them and let them go on."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from forms.stops import StopForm
from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.stops import StopKind
from portal.models.base import db
from portal.queries import stops
from portal.services import stops as services
from portal.web import ledger_labels
from portal.web.access import actor
from portal.web.binding import Bound, bind, commit


def show() -> ResponseReturnValue:
    return _bound().page()


def take(scope: str, step: str) -> ResponseReturnValue:
    bound = _bound()
    if scope not in ("office", "portal") or step not in tuple(StopKind):
        raise NotFound(step)
    if not bound.accepted:
        return bound.page()
    kind, note = StopKind(step), bound.form.note.data or ""
    services.take(db.session(), kind, whole=scope == "portal", reason=note, by=actor(), at=now())
    commit()
    flash(str(ledger_labels.STOPS_DONE[kind]), "success")
    return redirect(url_for("official.stops_show"))


def _bound() -> Bound[StopForm]:
    standing = stops.seen_by(db.session(), actor())
    return bind(StopForm, "official/stops/show.html", stop=standing, ledger_labels=ledger_labels)
