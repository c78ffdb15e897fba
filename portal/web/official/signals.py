"""Signals of duplicate or improper receipt: the list, one with its verdict, looking anew, figures by rule."""

from __future__ import annotations

from functools import partial

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.signals import JudgeForm, SignalFilterForm
from portal import data, jobs
from portal.clock import now, today
from portal.domain.signals import Verdict, limits_on
from portal.models.base import db
from portal.queries import cases
from portal.queries import signals as look_up
from portal.services import signal_rounds, signals
from portal.web import signal_labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    form = SignalFilterForm(request.args, statuses=signal_labels.STATUS_CHOICES, rules=signal_labels.RULE_CHOICES)
    before = request.args.get("before", type=int)
    return render_template(
        "official/signals/index.html",
        form=form,
        page=look_up.page_of(db.session(), actor(), view=form.chosen, rule=form.chosen_rule, before=before),
        counts=look_up.counts(db.session(), actor()),
        last=look_up.last_round(db.session(), actor().organisation_id or 0),
    )


def show(id: int) -> ResponseReturnValue:
    return render_template("official/signals/show.html", page=look_up.page(db.session(), id, actor()))


def judge(id: int) -> ResponseReturnValue:
    page = look_up.page(db.session(), id, actor())
    offered = {each: signal_labels.VERDICTS[each] for each in map(Verdict, page.actions)}
    bound = bind(partial(JudgeForm, verdicts=offered), "official/signals/judge.html", page=page)
    if not bound.accepted:
        return bound.page()
    signals.judge(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("판단을 적었습니다. 보이는 내용이 달라지면 다시 판단을 묻습니다."), "success")
    return redirect(url_for("official.signals_show", id=id))


def look() -> ResponseReturnValue:
    """Asks for a round of the whole office."""
    asked = signal_rounds.ask(db.session(), by=actor(), at=now()).job.id
    commit()
    _sent(asked)
    return redirect(url_for("official.signals_index"))


def look_at(id: int) -> ResponseReturnValue:
    """Asks for a look at the business of one case."""
    merchant_id = cases.of_organisation(db.session(), id, actor()).merchant_id
    asked = signal_rounds.ask(db.session(), by=actor(), at=now(), merchant_id=merchant_id).job.id
    commit()
    _sent(asked)
    return redirect(url_for("official.applications_show", id=id, _anchor="signals"))


def rules() -> ResponseReturnValue:
    """How often each rule was wrong, and from what on it speaks."""
    return render_template(
        "official/signals/rules.html",
        tallies=look_up.tallies(db.session(), actor()),
        limits=limits_on(data.signal_thresholds(), today()),
        thresholds=data.signal_thresholds(),
    )


def _sent(job_id: int) -> None:
    jobs.send(current_app._get_current_object(), job_id)  # ty: ignore[missing-attribute]
    flash(_("살펴보기를 시작했습니다. 끝나면 결과가 이 화면에 나옵니다."), "info")
