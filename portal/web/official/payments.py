"""Paying approved claims: the list of runs, one run, and the steps taken with it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.bank_results import BankResultsForm
from forms.base import Form
from forms.payments import CancelForm, PrepareForm, ReleaseForm
from portal.clock import now
from portal.models.base import db
from portal.queries import payment_runs, stops
from portal.services import payments
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores


def index() -> ResponseReturnValue:
    return render_template("official/payments/index.html", **_overview())


def prepare() -> ResponseReturnValue:
    bound = bind(PrepareForm, "official/payments/index.html", **_overview())
    if not bound.accepted:
        return bound.page()
    run = payments.prepare(db.session(), bound.form.programme.data or "", by=actor(), at=now())
    commit()
    flash(_("지급 목록을 만들었습니다. 다른 지출 담당자가 확인하고 은행 파일을 내보냅니다."), "success")
    return redirect(url_for("official.payments_show", id=run.id))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/payments/show.html", **_about(id))


def release(id: int) -> ResponseReturnValue:
    bound = bind(ReleaseForm, "official/payments/release.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    payments.release(db.session(), stores(), id, by=actor(), at=now())
    commit()
    flash(_("은행 파일을 만들었습니다. 내려받아 은행에 보내 주세요."), "success")
    return redirect(url_for("official.payments_show", id=id))


def cancel(id: int) -> ResponseReturnValue:
    bound = bind(CancelForm, "official/payments/cancel.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    payments.cancel(db.session(), id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("지급 목록을 취소했습니다. 지원금은 다음 지급 목록에 들어갑니다."), "success")
    return redirect(url_for("official.payments_show", id=id))


def results(id: int) -> ResponseReturnValue:
    """Takes in the bank's results file; the same bytes again are answered as the first time."""
    bound = bind(BankResultsForm, "official/payments/results.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    settled = payments.settle(db.session(), stores(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_said(settled), "info" if settled.again else "success")
    return redirect(url_for("official.payments_show", id=id))


def bank_file(id: int) -> ResponseReturnValue:
    """The bytes made at the release, the same for ever."""
    run, content = payments.bank_file_of(db.session(), stores(), id, by=actor())
    return attachment(content, f"{run.reference}.csv", "text/csv")


def reopen(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/payments/index.html", **_overview())
    if not bound.accepted:
        return bound.page()
    payments.reopen(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("다음 지급 목록에 다시 들어갑니다."), "success")
    return redirect(url_for("official.payments_index"))


def _overview() -> dict[str, Any]:
    return {
        "waiting": payment_runs.waiting(db.session(), actor()),
        "failed": payment_runs.failed(db.session(), actor()),
        "stop": stops.seen_by(db.session(), actor()),
        "runs": payment_runs.runs(db.session(), actor(), before=request.args.get("before", type=int)),
    }


def _about(id: int) -> dict[str, Any]:
    return {"page": payment_runs.page(db.session(), id, actor()), "stop": stops.seen_by(db.session(), actor())}


def _said(settled: payments.Settled) -> str:
    numbers = {"done": settled.done, "refused": settled.refused, "unknown": settled.unknown}
    if settled.again:
        return _("이미 받은 결과 파일입니다. 지급 %(done)s건, 거절 %(refused)s건, 확인 필요 %(unknown)s건", **numbers)
    return _("은행 결과를 반영했습니다. 지급 %(done)s건, 거절 %(refused)s건, 확인 필요 %(unknown)s건입니다.", **numbers)
