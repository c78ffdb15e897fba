"""Services in kind: what one may choose, what one chose, and whether it was given."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.services import ChooseForm, DisputeForm
from portal.clock import now, today
from portal.domain.errors import NotFound
from portal.models.base import db
from portal.queries import service_pass_waits
from portal.queries import service_passes as look_up
from portal.services import service_passes
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import paper_of


def index() -> ResponseReturnValue:
    return render_template(
        "merchant/service_passes/index.html",
        grants=look_up.entitlements(db.session(), actor(), on=today()),
        rows=look_up.of_owner(db.session(), actor()),
        today=today(),
    )


def choose(id: int, offer_id: int) -> ResponseReturnValue:
    grants = look_up.entitlements(db.session(), actor(), on=today())
    grant = next((each for each in grants if each.application.id == id), None)
    offer = next((each for each in grant.offers if each.id == offer_id), None) if grant else None
    if offer is None:
        raise NotFound(f"offer {offer_id}")
    bound = bind(ChooseForm, "merchant/service_passes/choose.html", grant=grant, offer=offer)
    if not bound.accepted:
        return bound.page()
    chosen = service_passes.choose(db.session(), id, offer_id, by=actor(), at=now())
    number = chosen.id
    commit()
    flash(_("서비스를 골랐습니다. 플랫폼이 연락드립니다."), "success")
    return redirect(url_for("merchant.service_passes_show", id=number))


def show(id: int) -> ResponseReturnValue:
    found = look_up.owned(db.session(), id, actor())
    return render_template(
        "merchant/service_passes/show.html",
        found=found,
        until=service_pass_waits.until(found),
        in_dispute=service_pass_waits.vouched_in_dispute(db.session(), id),
        today=today(),
    )


def document(id: int) -> ResponseReturnValue:
    """The platform's proof."""
    return paper_of(look_up.owned(db.session(), id, actor()))


def cancel(id: int) -> ResponseReturnValue:
    service_passes.cancel(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("취소했습니다. 다른 서비스를 고를 수 있습니다."), "success")
    return redirect(url_for("merchant.service_passes_index"))


def confirm(id: int) -> ResponseReturnValue:
    service_passes.confirm(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("받았다고 확인했습니다. 고맙습니다."), "success")
    return redirect(url_for("merchant.service_passes_show", id=id))


def dispute(id: int) -> ResponseReturnValue:
    found = look_up.owned(db.session(), id, actor())
    bound = bind(DisputeForm, "merchant/service_passes/dispute.html", found=found)
    if not bound.accepted:
        return bound.page()
    service_passes.dispute(db.session(), id, bound.form.words.data or "", by=actor(), at=now())
    commit()
    flash(_("문제를 알렸습니다. 플랫폼이 다시 해 드릴 때까지 대금은 지급되지 않습니다."), "success")
    return redirect(url_for("merchant.service_passes_show", id=id))
