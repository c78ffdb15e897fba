"""A firm's proposals to calls for platforms: what it offers, where each stands, and its account."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.services import FirmAccountForm, OfferForm, ProposalForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import proposals as look_up
from portal.services import proposal_choice, proposals
from portal.web import codes
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    return render_template(
        "platform/proposals/index.html",
        calls=look_up.calls(db.session(), actor()),
        rows=look_up.of_firm(db.session(), actor()),
        today=today(),
    )


def new(code: str) -> ResponseReturnValue:
    call = look_up.call_of(db.session(), code, actor())
    kind = partial(ProposalForm, banks=codes.bank_choices())
    bound = bind(kind, "platform/proposals/edit.html", published=call.published, rules=call.rules, proposal=None)
    if not bound.accepted:
        return bound.page()
    made = proposals.draft(db.session(), code, bound.form.to_command(), by=actor(), at=now())
    number = made.id
    commit()
    flash(_("제안서를 저장했습니다. 이제 서비스를 적어 주세요."), "success")
    return redirect(url_for("platform.proposals_show", id=number))


def show(id: int) -> ResponseReturnValue:
    proposal = look_up.own(db.session(), id, actor())
    return render_template(
        "platform/proposals/show.html", proposal=proposal, rules=look_up.rules_of(proposal.version), today=today()
    )


def edit(id: int) -> ResponseReturnValue:
    proposal = look_up.own(db.session(), id, actor())
    names = ("firm", "business_number", "representative", "plan", "bank_code", "account_number", "account_holder")
    bound = bind(
        partial(ProposalForm, banks=codes.bank_choices()),
        "platform/proposals/edit.html",
        start={name: getattr(proposal, name) for name in names},
        proposal=proposal,
        rules=look_up.rules_of(proposal.version),
    )
    if not bound.accepted:
        return bound.page()
    proposals.revise(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("제안서를 고쳤습니다."), "success")
    return redirect(url_for("platform.proposals_show", id=id))


def add_offer(id: int) -> ResponseReturnValue:
    proposal = look_up.own(db.session(), id, actor())
    rules = look_up.rules_of(proposal.version)
    bound = bind(
        partial(OfferForm, kinds=rules.names.items()),
        "platform/proposals/offer.html",
        proposal=proposal,
        rules=rules,
        most=proposal_choice.entitlement(proposal),
    )
    if not bound.accepted:
        return bound.page()
    proposals.add_offer(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("서비스를 더했습니다."), "success")
    return redirect(url_for("platform.proposals_show", id=id))


def remove_offer(id: int, offer_id: int) -> ResponseReturnValue:
    proposals.remove_offer(db.session(), id, offer_id, by=actor(), at=now())
    commit()
    flash(_("서비스를 뺐습니다."), "success")
    return redirect(url_for("platform.proposals_show", id=id))


def submit(id: int) -> ResponseReturnValue:
    proposals.submit(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("제안서를 냈습니다. 평가가 끝나면 이 화면에서 결과를 볼 수 있습니다."), "success")
    return redirect(url_for("platform.proposals_show", id=id))


def withdraw(id: int) -> ResponseReturnValue:
    proposals.withdraw(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("제안을 취하했습니다."), "success")
    return redirect(url_for("platform.proposals_show", id=id))


def change_account(id: int) -> ResponseReturnValue:
    proposal = look_up.own(db.session(), id, actor())
    kind = partial(FirmAccountForm, banks=codes.bank_choices())
    bound = bind(kind, "platform/proposals/account.html", proposal=proposal)
    if not bound.accepted:
        return bound.page()
    proposals.change_account(db.session(), id, bound.form.to_account(), by=actor(), at=now())
    commit()
    flash(_("계좌를 바꾸었습니다. 담당자가 확인할 때까지 지급하지 않습니다."), "success")
    return redirect(url_for("platform.proposals_show", id=id))
