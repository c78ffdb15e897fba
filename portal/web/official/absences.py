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
from portal.domain.absences import APPROVING
from portal.domain.actors import Actor
from portal.domain.permissions import Permission
from portal.models.base import db
from portal.queries import absences, accounts
from portal.services import absences as services
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import bind, commit

_INDEX = "official/absences/index.html"


def index() -> ResponseReturnValue:
    return render_template(_INDEX, **_overview())


def enter() -> ResponseReturnValue:
    officials = absences.approving(db.session(), actor().organisation_id or 0)
    away = [user for user in officials if user.person_id == actor().person_id or actor().may(Permission.ACCOUNT_MANAGE)]
    fit = [user for user in officials if any(services.fits(absent, user) for absent in away)]
    named = {user.id: f"{user.title} {user.person.name} ({_roles(accounts.actor_of(user))})" for user in officials}
    absent, stand_ins = ([(user.id, named[user.id].strip()) for user in each] for each in (away, fit))
    kind = partial(AbsenceForm, absent=absent, stand_ins=stand_ins)
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


def _roles(official: Actor) -> str:
    return ", ".join(str(labels.ROLES[role]) for role in sorted(official.roles & APPROVING))


def _overview() -> dict[str, Any]:
    return {
        "absences": absences.listed(db.session(), actor(), on=today()),
        "in_place": absences.in_place_of(db.session(), actor()),
        "today": today(),
    }
