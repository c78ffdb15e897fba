"""Settlement data: what was delivered, how each file turned out, and stores that nobody has linked."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.settlement_files import SettlementFileForm
from forms.settlements import DeliveryFilterForm
from forms.suggestions import SuggestionForm
from portal import data
from portal.clock import now
from portal.domain.layouts import CANONICAL
from portal.domain.links import LinkStatus
from portal.domain.settlements import COLUMNS
from portal.models.base import db
from portal.queries import settlements
from portal.queries.pages import next_key
from portal.services import order_values, suggestions
from portal.services import settlements as services
from portal.web import codes, order_value_labels, platform_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, lines, stores, table
from portal.web.line_labels import REFUSED_TABLE, refused_row
from portal.web.platform_labels import LIKENESSES
from reports import csv_table


def index() -> ResponseReturnValue:
    form = DeliveryFilterForm(request.args, platforms=codes.platform_choices())
    before = request.args.get("before", type=int)
    rows = settlements.page(db.session(), actor(), platform=form.platform.data or "", before=before)
    later = next_key(rows, settlements.PAGE)
    return render_template("official/settlements/index.html", form=form, deliveries=rows, later=later)


def new() -> ResponseReturnValue:
    bound = bind(
        partial(SettlementFileForm, platforms=codes.platform_choices()),
        "official/settlements/new.html",
        columns=COLUMNS,
        known=[(platform, layout) for platform in data.platform_catalogue().values() for layout in platform.layouts],
        platform_labels=platform_labels,
    )
    if not bound.accepted:
        return bound.page()
    delivered = services.deliver(db.session(), stores(), lines(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(*_said(delivered))
    return redirect(url_for("official.settlements_show", id=delivered.delivery.id))


def show(id: int) -> ResponseReturnValue:
    delivery = settlements.of_organisation(db.session(), id, actor())
    title = codes.layout_title(delivery.platform, delivery.outcome.get("layout", "")) or platform_labels.CANONICAL
    return render_template(
        "official/settlements/show.html",
        delivery=delivery,
        layout=title,
        warned=order_values.warned(db.session(), delivery, actor()),
        order_value_labels=order_value_labels,
    )


def raw(id: int) -> ResponseReturnValue:
    """The file as it was delivered."""
    delivery = settlements.of_organisation(db.session(), id, actor())
    return attachment(stores().deliveries.read(delivery.sha256), delivery.filename, "application/octet-stream")


def refused(id: int) -> ResponseReturnValue:
    """The refused rows with what is wrong with each, to be sent back to the platform."""
    delivery = settlements.of_organisation(db.session(), id, actor())
    layout = delivery.outcome.get("layout", CANONICAL.code)
    rows = (refused_row(row, layout) for row in services.refused_rows(stores(), delivery))
    return table(csv_table.stream(REFUSED_TABLE, rows), f"refused-{delivery.platform}-{delivery.period}-{id}.csv")


def unlinked() -> ResponseReturnValue:
    return render_template("official/settlements/unlinked.html", **_unlinked())


def link() -> ResponseReturnValue:
    """One click on a suggestion."""
    bound = bind(SuggestionForm, "official/settlements/unlinked.html", **_unlinked())
    if not bound.accepted:
        return bound.page()
    made = suggestions.link(db.session(), lines(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(*_linked(made.status))
    return redirect(url_for("official.settlements_unlinked"))


def _unlinked() -> dict[str, Any]:
    found = suggestions.unlinked(db.session(), lines(), actor())
    return {"stores": found, "likenesses": LIKENESSES}


def _linked(status: LinkStatus) -> tuple[str, str]:
    if status is LinkStatus.CONFIRMED:
        return _("소상공인이 신청한 연결을 확인했습니다."), "success"
    return _("연결을 신청했습니다. 다른 담당자가 확인하면 연결됩니다."), "success"


def _said(delivered: services.Delivered) -> tuple[str, str]:
    if delivered.again:
        return _("이미 받은 파일입니다. 처음 받았을 때의 결과를 보여 드립니다."), "info"
    return _("파일을 받았습니다. 줄마다 어떻게 되었는지 확인해 주세요."), "success"
