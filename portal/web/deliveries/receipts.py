"""Files on their way in: how far each is, why one could not be read, and what is to be done with it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.receipts import CloseForm, ReadAgainForm
from portal import jobs
from portal.clock import now
from portal.models.base import db
from portal.queries import receipts
from portal.queries.pages import next_key
from portal.services import receipts as services
from portal.web import platform_labels, receipt_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores


def index() -> ResponseReturnValue:
    rows = receipts.page(db.session(), actor(), before=request.args.get("before", type=int))
    later = next_key(rows, receipts.PAGE)
    return render_template("deliveries/receipts/index.html", rows=rows, later=later, receipt_labels=receipt_labels)


def show(id: int) -> ResponseReturnValue:
    about = _about(id)
    stored = about["incoming"].receipt.delivery_id
    if stored is not None:
        flash(_("파일을 받았습니다. 줄마다 어떻게 되었는지 확인해 주세요."), "success")
        return redirect(url_for(".settlements_show", id=stored))
    return render_template("deliveries/receipts/show.html", form=ReadAgainForm(), **about)


def progress(id: int) -> ResponseReturnValue:
    """How far it has come, as a part of the page; once it is over, the page is asked for anew."""
    about = _about(id)
    over = {} if about["incoming"].moving else {"HX-Refresh": "true"}
    return Response(render_template("deliveries/receipts/_progress.html", **about), headers=over)


def raw(id: int) -> ResponseReturnValue:
    """The file as it came."""
    receipt = receipts.of_organisation(db.session(), id, actor()).receipt
    return attachment(stores().deliveries.read(receipt.sha256), receipt.filename, "application/octet-stream")


def read_again(id: int) -> ResponseReturnValue:
    bound = bind(ReadAgainForm, "deliveries/receipts/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    received = services.read_again(db.session(), id, bound.form.password.data or "", by=actor(), at=now())
    commit()
    return on_its_way(received)


def close(id: int) -> ResponseReturnValue:
    bound = bind(CloseForm, "deliveries/receipts/close.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.close(db.session(), id, bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("파일을 닫았습니다. 정산자료에는 아무것도 더하지 않았습니다."), "success")
    return redirect(url_for(".receipts_index"))


def on_its_way(received: services.Received) -> ResponseReturnValue:
    """After the commit: to the first answer, or to the page that shows how the reading goes."""
    if received.delivery is not None:
        flash(_("이미 받은 파일입니다. 처음 받았을 때의 결과를 보여 드립니다."), "info")
        return redirect(url_for(".settlements_show", id=received.delivery.id))
    jobs.send(current_app._get_current_object(), received.job_id)  # ty: ignore[missing-attribute]
    return redirect(url_for(".receipts_show", id=received.receipt_id))


def _about(id: int) -> dict[str, Any]:
    incoming = receipts.of_organisation(db.session(), id, actor())
    return {"incoming": incoming, "receipt_labels": receipt_labels, "platform_labels": platform_labels}
