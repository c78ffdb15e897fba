"""The monthly reconciliation: what platforms state, what is stored, what was claimed and paid."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.platform_months import MonthFilterForm, StatementForm
from portal.clock import now
from portal.models.base import db
from portal.queries import platform_months, settlements
from portal.services import platform_months as services
from portal.web import codes
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.dates import month
from portal.web.files import lines
from portal.web.platform_labels import FIGURES, FINDINGS, REASONS


def index() -> ResponseReturnValue:
    months = platform_months.periods(db.session(), actor().organisation_id or 0)
    form = MonthFilterForm(request.args, months=[(period, month(period)) for period in months])
    return render_template(
        "official/platform_months/index.html",
        form=form,
        period=form.chosen,
        rows=services.reconciled(db.session(), lines(), form.chosen, actor()),
        findings=FINDINGS,
        figures=FIGURES,
    )


def show(period: str, platform: str) -> ResponseReturnValue:
    """One platform's month, figure by figure, with the files it was stored from."""
    return render_template(
        "official/platform_months/show.html",
        month=services.one(db.session(), lines(), period, platform, actor()),
        deliveries=settlements.of_month(db.session(), actor().organisation_id or 0, platform, period),
        findings=FINDINGS,
        figures=FIGURES,
        reasons=REASONS,
    )


def state() -> ResponseReturnValue:
    form = partial(StatementForm, platforms=codes.platform_choices())
    bound = bind(form, "official/platform_months/state.html", start=dict(request.args))
    if not bound.accepted:
        return bound.page()
    stated = services.state(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("플랫폼이 알린 숫자를 적었습니다. 아래에서 차이를 확인해 주세요."), "success")
    return redirect(url_for("official.platform_months_index", period=stated.period))
