"""The portal's invariants: what the hourly run found, the quick ones at once, all of them at the push of a button."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.base import Form
from portal.clock import now
from portal.models.base import begin_for_reading, db, transaction_apart
from portal.queries import reconciliations, stops
from portal.services import reconcile
from portal.services import reconciliations as kept
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import lines, stores


def show() -> ResponseReturnValue:
    """What SQL alone can tell: nothing is written, no file is read."""
    results = reconcile.check_quickly(db.session(), reconcile.Files(stores(), lines()))
    return render_template(
        "official/system/show.html", form=Form(), results=results, at=now(), whole=False, **_so_far()
    )


def check() -> ResponseReturnValue:
    """Every check, kept like the hourly one. The commit ends the transaction that would keep others from writing."""
    commit()
    started_at = now()
    begin_for_reading()
    results = reconcile.check_all(db.session(), reconcile.Files(stores(), lines()), apart=transaction_apart)
    with transaction_apart() as session:
        kept.keep(session, results, started_at=started_at, at=now())
    db.session.rollback()  # what was read until here does not know of it
    begin_for_reading()
    return bind(Form, "official/system/show.html", results=results, at=now(), whole=True, **_so_far()).page(200)


def _so_far() -> dict[str, Any]:
    return {"last": reconciliations.seen(db.session(), at=now()), "stop": stops.seen_by(db.session(), actor())}
