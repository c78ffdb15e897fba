"""The table of holidays: one manager proposes a change, another confirms it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.clocks import HolidayForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import holidays
from portal.services import holidays as services
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.dates import day


def index() -> ResponseReturnValue:
    table = services.observed(db.session(), actor().organisation_id or 0)
    years = (today().year, today().year + 1)
    days = [(day(on), table[on]) for on in sorted(table) if on.year in years]
    changes = holidays.changes(db.session(), actor())
    return render_template("official/holidays/index.html", days=days, changes=changes)


def new() -> ResponseReturnValue:
    bound = bind(HolidayForm, "official/holidays/new.html")
    if not bound.accepted:
        return bound.page()
    services.propose(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("올렸습니다. 다른 사업 담당이 확인하면 적용됩니다."), "success")
    return redirect(url_for("official.holidays_index"))


def confirm(id: int) -> ResponseReturnValue:
    return _step(id, services.confirm, _("확인했습니다. 아직 알리지 않은 처리기한을 다시 셌습니다."))


def refuse(id: int) -> ResponseReturnValue:
    return _step(id, services.refuse, _("확인하지 않았습니다. 지금까지의 쉬는 날이 그대로 적용됩니다."))


def _step(id: int, take: Callable[..., object], said: str) -> ResponseReturnValue:
    take(db.session(), id, by=actor(), at=now())
    commit()
    flash(said, "success")
    return redirect(url_for("official.holidays_index"))
