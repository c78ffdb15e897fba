"""Drawing up and approving the claims of a month, and what each claim rests on."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.claims import ApproveMonthForm, ClaimFilterForm, DrawUpForm
from portal import jobs
from portal.clock import now
from portal.domain.approvals import Matter
from portal.models.base import db
from portal.queries import (
    approvals,
    audit,
    claim_months,
    claims,
    evidence,
    programmes,
    recovery_pages,
    signals,
    signings,
)
from portal.queries import drawings as look_up_drawings
from portal.queries.pages import next_key
from portal.services import claims as services
from portal.services import drawings, explanations
from portal.web import labels, line_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import lines, stores, table
from reports import csv_table


def index() -> ResponseReturnValue:
    return render_template("official/claims/index.html", months=claim_months.overview(db.session(), actor()))


def draw_up() -> ResponseReturnValue:
    in_force = programmes.published(db.session(), organisation_id=actor().organisation_id)
    offered = [(found.terms.code, found.terms.name) for found in in_force if found.terms.items]
    bound = bind(partial(DrawUpForm, programmes=offered), "official/claims/draw_up.html", start=dict(request.args))
    if not bound.accepted:
        return bound.page()
    code, period = bound.form.programme.data, bound.form.period.data
    asked = drawings.ask(db.session(), lines(), code, period, by=actor(), at=now())
    number, job_id = asked.id, asked.job.id
    commit()
    jobs.send(current_app._get_current_object(), job_id)  # ty: ignore[missing-attribute]
    return redirect(url_for("official.claims_drawing", id=number))


def drawing(id: int) -> ResponseReturnValue:
    """How it goes; once it is done, the month with what was done."""
    asked = look_up_drawings.of_organisation(db.session(), id, actor())
    if asked.drawing.outcome is None:
        return render_template("official/claims/drawing.html", asked=asked)
    for sentence, tone in line_labels.drawn_up(asked.drawing.outcome):
        flash(sentence, tone)
    return redirect(url_for("official.claims_month", code=asked.drawing.programme.code, period=asked.drawing.period))


def drawing_progress(id: int) -> ResponseReturnValue:
    """The same as a part of the page; once it is over, the page is asked for anew."""
    asked = look_up_drawings.of_organisation(db.session(), id, actor())
    over = {"HX-Refresh": "true"} if asked.over else {}
    return Response(render_template("official/claims/_progress.html", asked=asked), headers=over)


def month(code: str, period: str) -> ResponseReturnValue:
    return render_template("official/claims/month.html", **_month(code, period))


def approve(code: str, period: str) -> ResponseReturnValue:
    bound = bind(ApproveMonthForm, "official/claims/month.html", **_month(code, period))
    if not bound.accepted:
        return bound.page()
    number = services.approve(db.session(), code, period, by=actor(), at=now(), shown=bound.form.to_command())
    commit()
    flash(_("지원금 %(number)s건을 승인했습니다.", number=number), "success")
    return redirect(url_for("official.claims_month", code=code, period=period))


def show(id: int) -> ResponseReturnValue:
    claim = claims.of_organisation(db.session(), id, actor())
    return render_template("official/claims/show.html", **_claim(claim))


def approve_again(id: int) -> ResponseReturnValue:
    claim = claims.of_organisation(db.session(), id, actor())
    bound = bind(Form, "official/claims/show.html", **_claim(claim))
    if not bound.accepted:
        return bound.page()
    services.approve_again(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("승인을 거두었습니다. 산정을 확인하고 다시 승인해 주세요."), "success")
    return redirect(url_for("official.claims_show", id=id))


def download(id: int) -> ResponseReturnValue:
    """Every line of the claim as CSV."""
    claim = claims.of_organisation(db.session(), id, actor())
    rows = explanations.table(stores(), claim)
    return table(csv_table.stream(explanations.TABLE, rows), f"claim-{claim.period}-{claim.id}.csv")


def _month(code: str, period: str) -> dict[str, Any]:
    narrowed = ClaimFilterForm(request.args, statuses=labels.CLAIM_STATUSES)
    after = request.args.get("after", 0, type=int)
    rows = claims.page(db.session(), actor(), code, period, status=narrowed.chosen_status, after=after)
    return {
        "month": claim_months.one(db.session(), actor(), code, period),
        "claims": rows,
        "too_much": recovery_pages.too_much(db.session(), actor(), code, period),
        "narrowed": narrowed,
        "later": next_key(rows, claims.PAGE),
    }


def _claim(claim: Any) -> dict[str, Any]:
    told = explanations.page(stores(), claim, start=request.args.get("start", 0, type=int))
    return {
        "claim": claim,
        "lapsed": claim.status == "approved" and approvals.stale(db.session(), Matter.CLAIMS, [claim.id]),
        "signing": claim.approved_at and signings.of(db.session(), Matter.CLAIMS, claim.id),
        "published": programmes.read(claim.version),
        "told": told,
        "documents": evidence.sources(db.session(), [line.received_seq for line in told.lines]),
        "seen": signals.of_merchants(db.session(), [claim.merchant_id], actor()).get(claim.merchant_id, ()),
        "history": labels.happenings("claim", audit.timeline(db.session(), "claim", claim.id)),
    }
