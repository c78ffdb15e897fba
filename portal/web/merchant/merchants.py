"""A merchant's own business places: the list, registering one, changing one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.merchants import MerchantForm, NewMerchantForm
from portal.clock import now
from portal.models.base import db
from portal.queries import merchants, proxy_entries
from portal.services import merchants as services
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.registering import on_record, registration_form


def index() -> ResponseReturnValue:
    places = merchants.of_owner(db.session(), actor())
    may_change = proxy_entries.may_change_record(db.session(), actor())
    return render_template("merchant/merchants/index.html", places=places, may_change=may_change)


def new() -> ResponseReturnValue:
    bound = bind(registration_form(NewMerchantForm), "merchant/merchants/new.html")
    if not bound.accepted:
        return bound.page()
    services.register(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("사업장을 등록했습니다."), "success")
    return redirect(url_for("merchant.merchants_index"))


def edit(id: int) -> ResponseReturnValue:
    place = merchants.owned(db.session(), id, actor())
    proxy_entries.refuse_record(db.session(), actor())
    bound = bind(
        registration_form(MerchantForm, (row.year for row in place.sales)),
        "merchant/merchants/edit.html",
        start=on_record(place),
        place=place,
    )
    if not bound.accepted:
        return bound.page()
    services.update(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("사업장 정보를 바꾸었습니다."), "success")
    return redirect(url_for("merchant.merchants_index"))
