"""Orders of which two deliveries say different things: the queue, both versions side by side, the decision."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.conflicts import ConflictDecisionForm
from portal.clock import now
from portal.models.base import db
from portal.queries import conflicts, settlements
from portal.services import conflicts as services
from portal.web import conflict_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import lines, stores


def index() -> ResponseReturnValue:
    found = services.waiting(db.session(), lines(), actor(), before=request.args.get("before", type=int))
    return render_template(
        "official/conflicts/index.html",
        conflicts=found,
        deliveries=settlements.numbered(db.session(), actor(), {each for one in found for each in one.deliveries}),
        decided=conflicts.recent(db.session(), actor()),
        later=found[-1].number if len(found) == services.PAGE else None,
        conflict_labels=conflict_labels,
    )


def show(id: int) -> ResponseReturnValue:
    return render_template("official/conflicts/show.html", **_about(id))


def decide(id: int) -> ResponseReturnValue:
    about = _about(id)
    form = partial(ConflictDecisionForm, versions=conflict_labels.choices(about["conflict"]))
    bound = bind(form, "official/conflicts/decide.html", **about)
    if not bound.accepted:
        return bound.page()
    services.decide(db.session(), stores(), lines(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("어느 내용이 맞는지 정했습니다. 다음 산정부터 그 내용으로 계산합니다."), "success")
    return redirect(url_for("official.conflicts_index"))


def _about(id: int) -> dict[str, Any]:
    found = services.one(db.session(), lines(), id, actor())
    deliveries = settlements.numbered(db.session(), actor(), found.deliveries)
    names = [name for _receipt, name in conflict_labels.choices(found)]
    return {
        "conflict": found,
        "names": names,
        "places": [(name, deliveries[number]) for name, number in zip(names, found.deliveries, strict=True)],
        "rows": conflict_labels.rows(found),
        "conflict_labels": conflict_labels,
    }
