"""The budget execution page of a month, and the reports that the office hands in, as files."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from forms.accounting import ExecutionForm
from portal.clock import now
from portal.domain.execution import together
from portal.models.base import db
from portal.queries import execution
from portal.services import accounting
from portal.web.access import actor
from portal.web.files import attachment


def show() -> ResponseReturnValue:
    asked = request.args.get("year", type=int), request.args.get("month", "")
    found = accounting.month(db.session(), *asked, by=actor(), at=now())
    chosen = {"year": str(found.fiscal_year), "month": found.month} if found else {}
    form = ExecutionForm(formdata=None, data=chosen)
    form.offer(execution.years(db.session(), actor()))
    return render_template("official/accounting/show.html", form=form, found=found, together=together)


def download(year: int, month: str, kind: str) -> ResponseReturnValue:
    found = accounting.month(db.session(), year, month, by=actor(), at=now())
    return attachment(*accounting.execution_file(found, kind, demo=current_app.config["SETTINGS"].demo))


def final(code: str, year: int, kind: str) -> ResponseReturnValue:
    found = accounting.final(db.session(), code, year, by=actor(), at=now())
    return attachment(*accounting.final_file(found, kind, demo=current_app.config["SETTINGS"].demo))
