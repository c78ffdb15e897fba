"""Choosing by score or lot as the office does it: candidates, score sheets, ranking or draw, and the confirmation.

The address names the programme, which has one selection.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.selections import AnnounceForm, ConfirmForm, DrawForm, RankingBackForm, sheet_form
from portal.clock import now
from portal.domain.errors import NotFound
from portal.models.base import db
from portal.queries import cases, selection_pages
from portal.queries import selections as look_up
from portal.services import declarations, lotteries, score_sheets, selections
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores

Act = Callable[[int, Any, datetime], object]


def index() -> ResponseReturnValue:
    return render_template("official/selections/index.html", rows=selection_pages.choosing(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/selections/show.html", page=selection_pages.page(db.session(), id, actor()))


def minutes(id: int) -> ResponseReturnValue:
    """The minutes as they were signed."""
    found = selection_pages.one(db.session(), id, actor())
    if found.minutes_sha256 is None:
        raise NotFound(f"no minutes of selection {found.id}")
    return attachment(stores().letters.read(found.minutes_sha256), _("선정심의 결과") + ".pdf", "application/pdf")


def fix(id: int) -> ResponseReturnValue:
    selections.fix(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("후보를 확정했습니다."), "success")
    return redirect(url_for("official.selections_show", id=id))


def declare_none(id: int) -> ResponseReturnValue:
    found = selection_pages.one(db.session(), id, actor())
    own = declarations.declare_none(
        db.session(), [each.application_id for each in found.candidates], by=actor(), at=now()
    )  # fmt: skip
    commit()
    flash(_("아직 밝히지 않은 후보 모두에 이해관계가 없음을 밝혔습니다."), "success")
    if own:
        flash(_("본인 사업장이거나 본인이 대신 낸 사건 %(number)s건은 뺐습니다.", number=own), "info")
    return redirect(url_for("official.selections_show", id=id))


def score(id: int, application_id: int) -> ResponseReturnValue:
    page = selection_pages.page(db.session(), id, actor())
    found = selection_pages.one(db.session(), id, actor())
    look_up.candidate(db.session(), found.id, application_id)
    application = cases.of_organisation(db.session(), application_id, actor())
    kind = sheet_form(page.rules.criteria)
    bound = bind(kind, "official/selections/score.html", page=page, application=application)
    if not bound.accepted:
        return bound.page()
    command = bound.form.to_command()
    score_sheets.give(db.session(), found.id, application_id, command, by=actor(), at=now())
    commit()
    flash(_("평가표를 냈습니다."), "success")
    return redirect(url_for("official.selections_show", id=id))


def rank(id: int) -> ResponseReturnValue:
    found = selection_pages.one(db.session(), id, actor())
    selections.order(db.session(), found.id, by=actor(), at=now())
    commit()
    flash(_("순위를 매겼습니다. 평가하지 않은 결재권자가 확정합니다."), "success")
    return redirect(url_for("official.selections_show", id=id))


def send_back(id: int) -> ResponseReturnValue:
    def act(selection_id: int, form: RankingBackForm, at: datetime) -> object:
        return selections.send_back(db.session(), selection_id, form.note.data or "", by=actor(), at=at)

    return _step(id, RankingBackForm, "send_back", act, _("순위를 돌려보냈습니다."))


def announce(id: int) -> ResponseReturnValue:
    def act(selection_id: int, form: AnnounceForm, at: datetime) -> object:
        return lotteries.announce(db.session(), selection_id, form.to_command(), by=actor(), at=at)

    return _step(id, AnnounceForm, "announce", act, _("명단과 약속을 공개했습니다. 추첨일에 다른 사람이 추첨합니다."))


def draw(id: int) -> ResponseReturnValue:
    def act(selection_id: int, form: DrawForm, at: datetime) -> object:
        return lotteries.hold(db.session(), selection_id, form.public_value.data or "", by=actor(), at=at)

    return _step(id, DrawForm, "draw", act, _("추첨했습니다. 누구나 다시 계산할 수 있게 공개했습니다."))


def confirm(id: int) -> ResponseReturnValue:
    def act(selection_id: int, form: ConfirmForm, at: datetime) -> object:
        return selections.confirm(db.session(), stores(), selection_id, form.to_command(), by=actor(), at=at)

    found = selection_pages.one(db.session(), id, actor())
    outcomes = selections.outlook(db.session(), found, at=now())
    return _step(id, ConfirmForm, "confirm", act, _("선정을 확정하고 회의록을 남겼습니다."), outcomes=outcomes)


def _step(id: int, kind: Callable[..., Form], action: str, act: Act, done: str, **more: Any) -> ResponseReturnValue:
    """One step on a page of its own, with the candidates beside it."""
    page = selection_pages.page(db.session(), id, actor())
    bound = bind(kind, "official/selections/step.html", page=page, action=action, **more)
    if not bound.accepted:
        return bound.page()
    act(selection_pages.one(db.session(), id, actor()).id, bound.form, now())
    commit()
    flash(done, "success")
    return redirect(url_for("official.selections_show", id=id))
