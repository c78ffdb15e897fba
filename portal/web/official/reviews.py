"""What a reviewer does to a case: taking it up, asking for a supplement, recommending a decision."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.reviews import RecommendForm, SupplementForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import cases, supplement_parts
from portal.services import reviews
from portal.web import supplement_labels
from portal.web.access import actor
from portal.web.binding import bind, commit, sent
from portal.web.files import stores


def take_up(id: int) -> ResponseReturnValue:
    reviews.take_up(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("검토를 시작했습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def request_supplement(id: int) -> ResponseReturnValue:
    case = cases.for_step(db.session(), id, actor(), "request_supplement", "request_again", on=today(), sent=sent())
    longest = reviews.longest(len(case.application.asked_for), at=now())
    days = min(case.published.announcement.call.supplement_days, longest)
    start = {"days": days, "parts": _named_before(case)}
    bound = bind(SupplementForm, "official/applications/supplement.html", start=start, case=case)
    bound.form.offer(supplement_labels.named(case.published.announcement, supplement_parts.offered(case.application)))
    if not bound.accepted:
        return bound.page()
    reviews.request_supplement(db.session(), stores(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("보완요구서를 보냈습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def recommend(id: int) -> ResponseReturnValue:
    case = cases.for_step(db.session(), id, actor(), "recommend", on=today(), sent=sent())
    bound = bind(RecommendForm, "official/applications/recommend.html", start=case.recommendation, case=case)
    bound.form.offer(case.checklist)
    if not bound.accepted:
        return bound.page()
    reviews.recommend(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("결재를 올렸습니다."), "success")
    return redirect(url_for("official.applications_show", id=id))


def _named_before(case: cases.Case) -> list[str]:
    """What the request that ran out named, to ask for once more."""
    before = case.application.asked_for
    return before[-1].named if before else []
