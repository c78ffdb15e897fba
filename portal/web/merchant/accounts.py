"""Giving another account after the bank could not pay to the first."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.account_changes import account_form
from portal.clock import now
from portal.domain.claims import ClaimStatus
from portal.models.base import db
from portal.queries import claims, payment_runs
from portal.services import account_changes
from portal.web import codes
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.dates import day


def correct(id: int) -> ResponseReturnValue:
    claim = claims.owned(db.session(), id, actor())
    payment = payment_runs.last_tried(db.session(), claim.id)
    if claim.status is not ClaimStatus.PAYMENT_FAILED or claim.invoice_id is not None:
        return render_template("merchant/accounts/settled.html", claim=claim)
    bound = bind(account_form(codes.bank_choices()), "merchant/accounts/correct.html", claim=claim, payment=payment)
    if not bound.accepted:
        return bound.page()
    change = account_changes.correct(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("계좌를 바꾸었습니다. %(day)s부터 이 계좌로 지급할 수 있습니다.", day=day(change.payable_from)), "success")
    return redirect(url_for("merchant.home_show"))
