"""Absences with their stand-ins, and reading afterwards what was approved in one's place."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.absences import AbsenceForm
from forms.base import Form
from portal.clock import now, today
from portal.domain.actors import Permission
from portal.models.base import db
from portal.queries import absences
from portal.services import absences as services
from portal.web.access import actor
from portal.web.binding import bind, commit

_INDEX = "official/absences/index.html"


def index() -> ResponseReturnValue:
    return render_template(_INDEX, **_overview())


def enter() -> ResponseReturnValue:
    officials = absences.approving(db.session(), actor().organisation_id or 0)
    named = [(user.id, f"{user.title} {user.person.name}".strip()) for user in officials]
    own = {user.id for user in officials if user.person_id == actor().person_id}
    absent = named if actor().may(Permission.ACCOUNT_MANAGE) else [each for each in named if each[0] in own]
    kind = partial(AbsenceForm, absent=absent, stand_ins=[each for each in named if each[0] not in own])
    bound = bind(kind, "official/absences/new.html", start={"from_on": today()})
    if not bound.accepted:
        return bound.page()
    services.enter(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("부재를 적었습니다. 그동안 결재는 대결로 기록됩니다."), "success")
    return redirect(url_for("official.absences_index"))


def end(id: int) -> ResponseReturnValue:
    absences.of_organisation(db.session(), id, actor())
    bound = bind(Form, _INDEX, **_overview())
    if not bound.accepted:
        return bound.page()
    services.end(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("부재를 끝냈습니다."), "success")
    return redirect(url_for("official.absences_index"))


def acknowledge() -> ResponseReturnValue:
    bound = bind(Form, _INDEX, **_overview())
    if not bound.accepted:
        return bound.page()
    number = services.acknowledge(db.session(), by=actor(), at=now())
    commit()
    flash(_("대결된 %(number)s건을 확인했습니다.", number=number), "success")
    return redirect(url_for("official.absences_index"))


def _overview() -> dict[str, Any]:
    return {
        "absences": absences.listed(db.session(), actor(), on=today()),
        "in_place": absences.in_place_of(db.session(), actor()),
        "today": today(),
    }
