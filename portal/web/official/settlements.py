"""Settlement data: what was delivered, taking in a file, and stores that nobody has linked."""

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
from portal.domain.example_line import EXAMPLE
from portal.domain.links import LinkStatus
from portal.domain.settlements import COLUMNS
from portal.models.base import db
from portal.queries import receipts as look_up_receipts
from portal.queries import settlements
from portal.queries.pages import next_key
from portal.services import receipts, suggestions
from portal.web import codes, platform_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.deliveries.receipts import on_its_way
from portal.web.files import lines, stores
from portal.web.platform_labels import LIKENESSES


def index() -> ResponseReturnValue:
    form = DeliveryFilterForm(request.args, platforms=codes.platform_choices())
    before = request.args.get("before", type=int)
    rows = settlements.page(db.session(), actor(), platform=form.platform.data or "", before=before)
    return render_template(
        "official/settlements/index.html",
        form=form,
        deliveries=rows,
        later=next_key(rows, settlements.PAGE),
        open_files=look_up_receipts.number_open(db.session(), actor()),
    )


def new() -> ResponseReturnValue:
    bound = bind(
        partial(SettlementFileForm, platforms=codes.platform_choices()),
        "official/settlements/new.html",
        start=request.args.to_dict(),
        columns=COLUMNS,
        example=EXAMPLE,
        known=[(platform, layout) for platform in data.platform_catalogue().values() for layout in platform.layouts],
        platform_labels=platform_labels,
    )
    if not bound.accepted:
        return bound.page()
    instead_of = request.args.get("instead_of", type=int)
    received = receipts.receive(
        db.session(), stores(), bound.form.to_command(), by=actor(), at=now(), instead_of=instead_of
    )
    commit()
    return on_its_way(received)


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
