"""Paying approved claims: the list of runs, one run, and the steps taken with it."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.bank_results import BankResultsForm
from forms.base import Form
from forms.payments import CancelForm, HoldForm, PrepareForm, RefuseAccountForm, RunFilterForm, VoidForm, release_form
from portal import jobs
from portal.clock import now, today
from portal.domain.approvals import Matter
from portal.domain.payments import Channel
from portal.models.base import db
from portal.queries import account_changes as look_up_accounts
from portal.queries import accounts, mandates, payables, payment_runs, run_rows, signals, signings, stops
from portal.services import account_changes, bank_orders, payments
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores
from portal.web.payment_labels import CHANNELS
from reports.payment_initiation import Debtor


def index() -> ResponseReturnValue:
    return render_template("official/payments/index.html", **_overview())


def prepare() -> ResponseReturnValue:
    bound = bind(PrepareForm, "official/payments/index.html", **_overview())
    if not bound.accepted:
        return bound.page()
    run = payments.prepare(db.session(), bound.form.programme.data or "", by=actor(), at=now())
    commit()
    flash(_("지급 목록을 만들었습니다. 다른 지출 담당자가 확인하고 은행 파일을 내보냅니다."), "success")
    return redirect(url_for("official.payments_show", id=run.id))


def show(id: int) -> ResponseReturnValue:
    about = _about(id)
    page = about["page"]
    narrowed = RunFilterForm(request.args, statuses=[(each, labels.status(each)[0]) for each in page.by_status])
    listed = run_rows.listed(
        page.rows,
        status=narrowed.chosen_status,
        flagged=narrowed.flagged,
        named=narrowed.named.data or "",
        start=request.args.get("start", 0, type=int),
    )
    return render_template("official/payments/show.html", narrowed=narrowed, listed=listed, **about)


def release(id: int) -> ResponseReturnValue:
    bound = bind(release_form(_channels()), "official/payments/release.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    channel = Channel(bound.form.channel.data)
    payments.release(db.session(), stores(), id, channel=channel, debtor=_debtor(), by=actor(), at=now())
    commit()
    flash(_released(channel), "success")
    return redirect(url_for("official.payments_show", id=id))


def cancel(id: int) -> ResponseReturnValue:
    bound = bind(CancelForm, "official/payments/cancel.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    payments.cancel(db.session(), id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("지급 목록을 취소했습니다. 지원금은 다음 지급 목록에 들어갑니다."), "success")
    return redirect(url_for("official.payments_show", id=id))


def hold(id: int, payment_id: int) -> ResponseReturnValue:
    bound = bind(HoldForm, "official/payments/hold.html", **_about(id, payment_id))
    if not bound.accepted:
        return bound.page()
    payments.hold_back(db.session(), id, payment_id, reason=bound.form.reason.data or "", by=actor(), at=now())
    commit()
    flash(_("지급을 보류했습니다. 목록의 건수와 합계가 바뀌었습니다."), "success")
    return redirect(url_for("official.payments_show", id=id))


def void(id: int, payment_id: int) -> ResponseReturnValue:
    """Ends an attempt of which the bank never heard."""
    bound = bind(VoidForm, "official/payments/void.html", **_about(id, payment_id))
    if not bound.accepted:
        return bound.page()
    bank_orders.void(db.session(), payment_id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("보내지지 않은 지급으로 마쳤습니다. ‘지급’ 화면에서 다시 지급할 수 있습니다."), "success")
    return redirect(url_for("official.payments_show", id=id))


def results(id: int) -> ResponseReturnValue:
    """Takes in the bank's results file; the same bytes again are answered as the first time."""
    bound = bind(BankResultsForm, "official/payments/results.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    settled = payments.settle(db.session(), stores(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_said(settled), "info" if settled.again else "success")
    return redirect(url_for("official.payments_show", id=id))


def bank_file(id: int) -> ResponseReturnValue:
    """The bytes made at the release, the same for ever."""
    run, content = payments.bank_file_of(db.session(), stores(), id, by=actor())
    if run.channel is Channel.PAIN001:
        return attachment(content, f"{run.reference}.xml", "application/xml")
    return attachment(content, f"{run.reference}.csv", "text/csv")


def reopen(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/payments/index.html", **_overview())
    if not bound.accepted:
        return bound.page()
    payments.reopen(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("다음 지급 목록에 다시 들어갑니다."), "success")
    return redirect(url_for("official.payments_index"))


def confirm_account(id: int) -> ResponseReturnValue:
    """One of the two officials for whose word a changed account is paid without waiting."""
    bound = bind(Form, "official/payments/index.html", **_overview())
    if not bound.accepted:
        return bound.page()
    change = account_changes.confirm(db.session(), stores(), id, by=actor(), at=now())
    commit()
    both = change.second_confirmed_by is not None
    flash(_("두 사람이 확인했습니다. 다음 지급 목록에 들어갑니다.") if both else
          _("확인했습니다. 다른 담당자 한 사람이 더 확인하면 바로 지급할 수 있습니다."), "success")  # fmt: skip
    return redirect(url_for("official.payments_index"))


def refuse_account(id: int) -> ResponseReturnValue:
    """An official who found that a changed account is not the owner's."""
    change = look_up_accounts.one(db.session(), id, actor())
    bound = bind(RefuseAccountForm, "official/payments/refuse_account.html", change=change)
    if not bound.accepted:
        return bound.page()
    reason = bound.form.reason.data or ""
    account_changes.refuse(db.session(), stores(), id, reason=reason, by=actor(), at=now())
    commit()
    flash(_("계좌를 반려하고 안내문을 보냈습니다. 다른 계좌를 적을 때까지 지급하지 않습니다."), "success")
    return redirect(url_for("official.payments_index"))


def _overview() -> dict[str, Any]:
    return {
        "accounts": look_up_accounts.in_the_way(db.session(), actor(), on=today()),
        "kept_back": payables.kept_back(db.session(), actor(), on=today()),
        "waiting": payment_runs.waiting(db.session(), actor()),
        "kept_from": payment_runs.kept_from(db.session(), mandates.hands_in(db.session(), actor())),
        "failed": payment_runs.failed(db.session(), actor()),
        "stop": stops.seen_by(db.session(), actor()),
        "runs": payment_runs.runs(db.session(), actor(), before=request.args.get("before", type=int)),
    }


def _about(id: int, payment_id: int | None = None) -> dict[str, Any]:
    page = payment_runs.page(db.session(), id, actor())
    signing = signings.of(db.session(), Matter.PAYMENT_RUN, id)
    hands_in = mandates.hands_in(db.session(), actor())
    payees = {payment.claim.merchant_id for payment in page.run.payments}
    seen = signals.of_merchants(db.session(), payees, actor())
    return {
        "page": page,
        "seen": [each for of_one in seen.values() for each in of_one],
        "payment": payment_id and page.payment(payment_id),
        "signing": signing,
        "stop": stops.seen_by(db.session(), actor()),
        "kept_from": bool({each.claim.application_id for each in page.run.payments} & hands_in),
    }


def _channels() -> list[tuple[str, str]]:
    """The ways of telling the bank that this deployment and this office have."""
    missing = {
        Channel.API: current_app.config["SETTINGS"].bank is None,
        Channel.PAIN001: _debtor() is None,
    }
    return [(each.value, str(label)) for each, label in CHANNELS.items() if not missing.get(each)]


def _debtor() -> Debtor | None:
    """The office and the account it pays from, where one is set."""
    office = accounts.office_of(db.session(), actor())
    account = current_app.config["SETTINGS"].paying_accounts.get(office.code)
    return Debtor(office.name, *account) if account else None


def _released(channel: Channel) -> str:
    if channel is not Channel.API:
        return _("은행 파일을 만들었습니다. 내려받아 은행에 보내 주세요.")
    jobs.pay_soon(current_app._get_current_object())  # ty: ignore[missing-attribute]
    return _("지급을 내보냈습니다. 은행에 한 건씩 보내고, 결과는 이 화면에 나타납니다.")


def _said(settled: payments.Settled) -> str:
    numbers = {name: getattr(settled, name) for name in ("done", "refused", "unknown", "returned")}
    if settled.again:
        return _(
            "이미 받은 결과 파일입니다. 지급 %(done)s건, 거절 %(refused)s건, 확인 필요 %(unknown)s건, "
            "반송 %(returned)s건",
            **numbers,
        )
    return _(
        "은행 결과를 반영했습니다. 지급 %(done)s건, 거절 %(refused)s건, 확인 필요 %(unknown)s건, "
        "반송 %(returned)s건입니다.",
        **numbers,
    )
