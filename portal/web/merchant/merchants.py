"""A merchant's own business places: the list, registering one, changing one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.merchants import MerchantForm, NewMerchantForm, merchant_form
from portal.clock import now, today
from portal.models.base import db
from portal.queries import merchants, programmes
from portal.services import merchants as services
from portal.web import codes
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    places = merchants.of_owner(db.session(), actor())
    return render_template("merchant/merchants/index.html", places=places)


def new() -> ResponseReturnValue:
    bound = bind(_form(NewMerchantForm), "merchant/merchants/new.html")
    if not bound.accepted:
        return bound.page()
    services.register(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("사업장을 등록했습니다."), "success")
    return redirect(url_for("merchant.merchants_index"))


def edit(id: int) -> ResponseReturnValue:
    place = merchants.owned(db.session(), id, actor())
    bound = bind(
        _form(MerchantForm, (row.year for row in place.sales)),
        "merchant/merchants/edit.html",
        start=_start(place),
        place=place,
    )
    if not bound.accepted:
        return bound.page()
    services.update(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("사업장 정보를 바꾸었습니다."), "success")
    return redirect(url_for("merchant.merchants_index"))


def _form(kind: type[MerchantForm], known: Iterable[int] = ()) -> type[MerchantForm]:
    """The form of today, with the years that open programmes ask for and those already on record."""
    asked = merchants.sales_years(programmes.open_calls(db.session(), at=now()), today())
    return merchant_form(
        kind,
        regions=codes.region_choices(today()),
        industries=codes.industry_choices(),
        industry_edition=codes.INDUSTRY_EDITION,
        banks=codes.bank_choices(),
        years=sorted({*asked, *known}, reverse=True),
    )


def _start(place: Any) -> dict[str, Any]:
    """What is on record, for the boxes; the account number is left out: it is shown masked and typed anew to change."""
    names = ("business_number", "trade_name", "representative", "phone", "region_code", "address", "industry_code")
    start = {name: getattr(place, name) for name in (*names, "opened_on", "bank_code", "account_holder")}
    start["regular_workers"] = Decimal(place.regular_workers_tenths) / 10
    return start | {f"sales_{row.year}": row.amount for row in place.sales}
