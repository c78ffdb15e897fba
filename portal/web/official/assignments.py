"""Who is in charge of a case, how it went from hand to hand, and its tags."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.desk import AssignForm, TagCaseForm
from portal.clock import now, today
from portal.domain.assignments import Officer
from portal.models.base import db
from portal.queries import assignments, cases, tags
from portal.services import assignments as services
from portal.services import tags as tagging
from portal.web.access import actor
from portal.web.binding import bind, commit

_PAGE = "official/assignments/show.html"


def show(id: int) -> ResponseReturnValue:
    return render_template(_PAGE, **_about(id))


def assign(id: int) -> ResponseReturnValue:
    about = _about(id)
    bound = bind(partial(AssignForm, officers=about["officers"]), _PAGE, **about)
    if not bound.accepted:
        return bound.page()
    services.assign(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("담당자를 정했습니다. 그 사람의 알림함에 알렸습니다."), "success")
    return redirect(url_for("official.assignments_show", id=id))


def put_on(id: int) -> ResponseReturnValue:
    about = _about(id)
    bound = bind(partial(TagCaseForm, tags=about["offered"]), _PAGE, **about)
    if not bound.accepted:
        return bound.page()
    tagging.put_on(db.session(), id, int(bound.form.tag.data), by=actor(), at=now())
    commit()
    flash(_("꼬리표를 붙였습니다."), "success")
    return redirect(url_for("official.assignments_show", id=id))


def take_off(id: int, tag_id: int) -> ResponseReturnValue:
    bound = bind(Form, _PAGE, **_about(id))
    if not bound.accepted:
        return bound.page()
    tagging.take_off(db.session(), id, tag_id, by=actor(), at=now())
    commit()
    flash(_("꼬리표를 뗐습니다."), "success")
    return redirect(url_for("official.assignments_show", id=id))


def _about(id: int) -> dict[str, Any]:
    application = cases.of_organisation(db.session(), id, actor())
    known = assignments.officers(db.session(), actor(), on=today())
    officers = [(officer.account_id, _named(officer)) for officer in known]
    offered = [(tag.id, tag.name) for tag in tags.living(db.session(), actor())]
    return {
        "application": application,
        "now_with": next((each.name for each in known if each.account_id == application.reviewer_id), ""),
        "officers": officers,
        "offered": offered,
        "on": tags.of_cases(db.session(), [id]).get(id, []),
        "hands": assignments.history(db.session(), id),
        "assign_form": AssignForm(officers=officers),
        "tag_form": TagCaseForm(tags=offered),
    }


def _named(officer: Officer) -> str:
    name = f"{officer.title} {officer.name}".strip()
    return _("%(name)s (오늘 부재)", name=name) if officer.away else name
