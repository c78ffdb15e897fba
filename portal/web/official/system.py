"""The portal's invariants: the quick ones at once, all of them at the push of a button."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.base import Form
from portal.clock import now
from portal.models.base import begin_for_reading, db, transaction_apart
from portal.services import reconcile
from portal.web.binding import bind, commit
from portal.web.files import lines, stores


def show() -> ResponseReturnValue:
    """What SQL alone can tell: nothing is written, no file is read."""
    results = reconcile.check_quickly(db.session(), reconcile.Files(stores(), lines()))
    return render_template("official/system/show.html", form=Form(), results=results, at=now(), whole=False)


def check() -> ResponseReturnValue:
    """Every check. It changes nothing: the commit ends the transaction that would keep others from writing."""
    commit()
    begin_for_reading()
    results = reconcile.check_all(db.session(), reconcile.Files(stores(), lines()), apart=transaction_apart)
    return bind(Form, "official/system/show.html", results=results, at=now(), whole=True).page(200)
