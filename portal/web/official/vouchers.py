"""Vouchers: the list, drafting one, and the steps of the second person."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from forms.base import Form
from forms.vouchers import VoucherForm, VoucherRefusalForm
from portal.clock import now
from portal.models.base import db
from portal.queries import vouchers
from portal.services import vouchers as services
from portal.web import labels, ledger_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores


def index() -> ResponseReturnValue:
    found, earlier = vouchers.all_of(db.session(), actor(), before=request.args.get("before", type=int))
    names = {each.line.id: each for each in vouchers.lines(db.session(), actor())}
    return render_template(
        "official/vouchers/index.html", vouchers=found, earlier=earlier, names=names, ledger_labels=ledger_labels
    )


def new() -> ResponseReturnValue:
    offered = [(str(each.line.id), _named(each)) for each in vouchers.lines(db.session(), actor())]
    form = partial(VoucherForm, kinds=ledger_labels.VOUCHER_KINDS, lines=offered)
    bound = bind(form, "official/vouchers/new.html", start={"corrects": request.args.get("corrects", type=int)})
    if not bound.accepted:
        return bound.page()
    made = services.draft(db.session(), stores().evidence, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("전표를 작성했습니다. 다른 담당자가 확인하고 장부에 기록합니다."), "success")
    return redirect(url_for("official.vouchers_show", id=made.id))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/vouchers/show.html", **_about(id))


def post(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/vouchers/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.post(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("장부에 기록했습니다."), "success")
    return redirect(url_for("official.vouchers_show", id=id))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(VoucherRefusalForm, "official/vouchers/refuse.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.refuse(db.session(), id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("전표를 반려했습니다."), "success")
    return redirect(url_for("official.vouchers_show", id=id))


def withdraw(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/vouchers/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.withdraw(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("전표를 취소했습니다."), "success")
    return redirect(url_for("official.vouchers_show", id=id))


def document(id: int, document_id: int) -> ResponseReturnValue:
    found = vouchers.document(db.session(), id, document_id, actor())
    return attachment(stores().evidence.read(found.sha256), found.filename, found.media_type)


def _about(id: int) -> dict[str, Any]:
    return {"page": vouchers.page(db.session(), id, actor()), "ledger_labels": ledger_labels}


def _named(each: vouchers.LineOf) -> str:
    said = _("남은 예산 %(won)s원", won=format_decimal(each.left))
    return f"{each.line.fiscal_year} · {labels.SOURCES[each.line.source]} · {each.programme} · {said}"
