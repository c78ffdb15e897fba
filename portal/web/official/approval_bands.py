"""Who may approve up to how much: the administrator asks for bands, a second person confirms them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.approval_bands import ACCOUNT, TITLE, BandForm
from forms.base import Form
from portal.clock import now, today
from portal.models.base import db
from portal.queries import approval_bands
from portal.services import approval_bands as services
from portal.web import approval_labels
from portal.web.access import actor
from portal.web.binding import bind, commit

_INDEX = "official/approval_bands/index.html"


def index() -> ResponseReturnValue:
    return render_template(_INDEX, **_overview())


def new() -> ResponseReturnValue:
    kind = partial(BandForm, matters=approval_labels.MATTERS.items(), people=_people())
    bound = bind(kind, "official/approval_bands/new.html", start={"valid_from": today()})
    if not bound.accepted:
        return bound.page()
    services.propose(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("결재 한도를 올렸습니다. 다른 사람이 확인하면 시작하는 날부터 적용됩니다."), "success")
    return redirect(url_for("official.approval_bands_index"))


def confirm(id: int) -> ResponseReturnValue:
    return _step(id, services.confirm, _("확인했습니다."))


def refuse(id: int) -> ResponseReturnValue:
    return _step(id, services.refuse, _("확인하지 않았습니다. 지금까지의 기준이 그대로 적용됩니다."))


def ask_end(id: int) -> ResponseReturnValue:
    return _step(id, services.ask_end, _("없애 달라고 올렸습니다. 다른 사람이 확인할 때까지는 그대로 적용됩니다."))


def _step(id: int, take: Callable[..., object], said: str) -> ResponseReturnValue:
    approval_bands.one(db.session(), id, actor())
    bound = bind(Form, _INDEX, **_overview())
    if not bound.accepted:
        return bound.page()
    take(db.session(), id, by=actor(), at=now())
    commit()
    flash(said, "success")
    return redirect(url_for("official.approval_bands_index"))


def _people() -> list[tuple[str, str]]:
    titles, officials = approval_bands.people(db.session(), actor())
    whose = [(f"{TITLE}{title}", _("직위: %(title)s", title=title)) for title in titles]
    return whose + [(f"{ACCOUNT}{user.id}", f"{user.title} {user.person.name}".strip()) for user in officials]


def _overview() -> dict[str, Any]:
    return {"bands": approval_bands.rows(db.session(), actor(), on=today())}
