"""What a merchant is to pay back: why, how much, until when; their opinion, and their own notice."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.recoveries import OpinionForm, OwnNoticeForm
from portal.clock import now, today
from portal.data import law_of_objections
from portal.models.base import db
from portal.queries import objection_pages, recovery_pages
from portal.services import recoveries, recovery_drafts, recovery_receipts
from portal.web import recovery_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.dates import month


def index() -> ResponseReturnValue:
    return render_template(
        "merchant/recoveries/index.html",
        rows=recovery_pages.of_owner(db.session(), actor()),
        may_report=bool(recovery_pages.paid_months(db.session(), actor())),
        today=today(),
    )


def report() -> ResponseReturnValue:
    """자진 신고."""
    paid = recovery_pages.paid_months(db.session(), actor())
    offered = [(str(each.id), f"{month(each.period)} · {each.merchant.trade_name}") for each in paid]
    bound = bind(partial(OwnNoticeForm, months=offered), "merchant/recoveries/report.html", offered=offered)
    if not bound.accepted:
        return bound.page()
    found = recoveries.report(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("알려 주셔서 고맙습니다. 담당자가 다시 계산해 알려 드립니다."), "success")
    return redirect(url_for("merchant.recoveries_show", id=found.id))


def show(id: int) -> ResponseReturnValue:
    door = objection_pages.of_recovery(db.session(), id, actor(), law_of_objections())
    return render_template("merchant/recoveries/show.html", door=door, **_about(id))


def answer(id: int) -> ResponseReturnValue:
    bound = bind(OpinionForm, "merchant/recoveries/answer.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    recoveries.answer(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("의견을 냈습니다. 살펴본 결과를 문서로 알려 드립니다."), "success")
    return redirect(url_for("merchant.recoveries_show", id=id))


def agree_to_netting(id: int) -> ResponseReturnValue:
    recoveries.agree_to_netting(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("다음 지원금에서 빼기로 했습니다. 남은 금액이 있으면 그때 알려 드립니다."), "success")
    return redirect(url_for("merchant.recoveries_show", id=id))


def _about(id: int) -> dict[str, Any]:
    page = recovery_pages.own_page(db.session(), id, actor())
    return {
        "page": page,
        "lines": recovery_drafts.expected(db.session(), page.recovery, at=now()),
        "late": recovery_receipts.late_until(db.session(), page.recovery, on=today()),
        "recovery_labels": recovery_labels,
        "today": today(),
    }
