"""The office's tags: the list that managers keep."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.desk import TagForm
from portal.clock import now
from portal.models.base import db
from portal.queries import tags
from portal.services import tags as services
from portal.web import desk_labels
from portal.web.access import actor
from portal.web.binding import bind, commit

_form = partial(TagForm, colours=desk_labels.COLOURS.items())
_INDEX, _EDIT = "official/tags/index.html", "official/tags/edit.html"


def index() -> ResponseReturnValue:
    return render_template(_INDEX, form=_form(), **_about())


def make() -> ResponseReturnValue:
    bound = bind(_form, _INDEX, **_about())
    if not bound.accepted:
        return bound.page()
    services.make(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("꼬리표를 만들었습니다."), "success")
    return redirect(url_for("official.tags_index"))


def edit(id: int) -> ResponseReturnValue:
    tag = tags.one(db.session(), id, actor())
    bound = bind(_form, _EDIT, start={"name": tag.name, "colour": tag.colour.value}, tag=tag)
    if not bound.accepted:
        return bound.page()
    services.change(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("꼬리표를 고쳤습니다."), "success")
    return redirect(url_for("official.tags_index"))


def retire(id: int) -> ResponseReturnValue:
    tags.one(db.session(), id, actor())
    bound = bind(Form, _INDEX, **_about())
    if not bound.accepted:
        return bound.page()
    services.retire(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("꼬리표를 없앴습니다. 붙어 있던 사건에서도 떼었습니다."), "success")
    return redirect(url_for("official.tags_index"))


def _about() -> dict[str, Any]:
    return {"used": tags.used(db.session(), actor())}
