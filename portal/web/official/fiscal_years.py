"""Fiscal years: the list, what closing one would do, and the two steps of the two persons."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.fiscal_years import CloseForm, ClosingForm, KeepOpenForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import fiscal_years
from portal.services import fiscal_years as services
from portal.web import ledger_labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    return render_template("official/fiscal_years/index.html", years=fiscal_years.all_of(db.session(), actor()))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/fiscal_years/show.html", **_about(id))


def propose_closing(id: int) -> ResponseReturnValue:
    about = _about(id)
    choices = ledger_labels.UNPAID.items() if about["preview"].committed else ()
    bound = bind(partial(ClosingForm, choices=choices), "official/fiscal_years/propose.html", **about)
    if not bound.accepted:
        return bound.page()
    services.propose_closing(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("마감을 요청했습니다. 다른 담당자가 금액을 확인하고 마감합니다."), "success")
    return redirect(url_for("official.fiscal_years_show", id=id))


def close(id: int) -> ResponseReturnValue:
    about = _about(id)
    bound = bind(
        CloseForm, "official/fiscal_years/close.html", start={"seen_upto": str(about["preview"].upto)}, **about
    )
    if not bound.accepted:
        return bound.page()
    services.close(db.session(), id, seen_upto=bound.form.seen, by=actor(), at=now())
    commit()
    flash(_("마감했습니다. 이 회계연도에는 더 이상 기록할 수 없습니다."), "success")
    return redirect(url_for("official.fiscal_years_show", id=id))


def keep_open(id: int) -> ResponseReturnValue:
    bound = bind(KeepOpenForm, "official/fiscal_years/keep_open.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.keep_open(db.session(), id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("마감 요청을 거두었습니다. 회계연도는 열려 있습니다."), "success")
    return redirect(url_for("official.fiscal_years_show", id=id))


def _about(id: int) -> dict[str, Any]:
    year = fiscal_years.one(db.session(), id, actor())
    preview = fiscal_years.preview(db.session(), year, actor(), on=today())
    return {"preview": preview, "ledger_labels": ledger_labels, "today": today()}
