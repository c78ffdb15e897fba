"""The statistics page of a programme, and its files to take away."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from forms.statistics import StatisticsForm
from portal.clock import now
from portal.models.base import db
from portal.queries import statistics as statistics_queries
from portal.services import statistics
from portal.web.access import actor
from portal.web.files import attachment
from portal.web.policy import figures


def show() -> ResponseReturnValue:
    found = statistics.of_organisation(db.session(), request.args.get("programme", ""), by=actor(), at=now())
    form = StatisticsForm(data={"programme": found.programme_code if found else ""})
    form.offer((each.code, each.name) for each in statistics_queries.programmes(db.session(), actor()))
    return render_template("policy/statistics/show.html", form=form, found=found, **figures.page(found))


def download(code: str, kind: str) -> ResponseReturnValue:
    programme = statistics_queries.programme_of(db.session(), code, actor())
    found = statistics.compile(db.session(), programme, at=now())
    return attachment(*statistics.file(found, kind, demo=current_app.config["SETTINGS"].demo))
