"""The platform's own totals of a month: stating them, and how they compare with what was stored."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.statements import MonthTotalsForm
from portal.clock import now
from portal.models.base import db
from portal.queries import statements
from portal.services import statements as services
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import lines
from portal.web.platform_labels import FIGURES


def index() -> ResponseReturnValue:
    stated = statements.periods(db.session(), actor(), actor().platform)
    bound = bind(MonthTotalsForm, "platform/statements/index.html", stated=stated)
    if not bound.accepted:
        return bound.page()
    told = services.state(db.session(), lines(), actor().platform, bound.form.to_command(), by=actor(), at=now())
    commit()
    return redirect(url_for("platform.statements_show", period=told.period))


def show(period: str) -> ResponseReturnValue:
    found = services.compare(db.session(), lines(), actor().platform, period, by=actor())
    return render_template("platform/statements/show.html", found=found, figures=FIGURES)
