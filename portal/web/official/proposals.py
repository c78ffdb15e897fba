"""Calls for platforms as officials see them: proposals, score sheets, the choice, accounts and agreements."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.services import AgreementForm, ResolveForm, proposal_sheet_form
from portal.clock import now, today
from portal.models.base import db
from portal.queries import audit
from portal.queries import proposals as look_up
from portal.services import proposal_choice
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import bind, commit


def index() -> ResponseReturnValue:
    calls = look_up.calls(db.session(), actor())
    rows = [(call, look_up.received(db.session(), call.published.programme.id, actor())) for call in calls]
    return render_template("official/proposals/index.html", rows=rows, today=today())


def show(id: int) -> ResponseReturnValue:
    return render_template("official/proposals/show.html", **_about(id))


def score(id: int) -> ResponseReturnValue:
    about = _about(id)
    bound = bind(proposal_sheet_form(about["rules"].selection.criteria), "official/proposals/score.html", **about)
    if not bound.accepted:
        return bound.page()
    proposal_choice.score(db.session(), id, bound.form.to_scores(), by=actor(), at=now())
    commit()
    flash(_("평가표를 냈습니다."), "success")
    return redirect(url_for("official.proposals_show", id=id))


def resolve(code: str) -> ResponseReturnValue:
    call = look_up.call_of(db.session(), code, actor())
    rows = look_up.received(db.session(), call.published.programme.id, actor())
    sheets = look_up.sheets_of(db.session(), [row.id for row in rows])
    averages = look_up.averages(rows, sheets, call.rules.selection.sheets_needed, actor())
    given = Counter(each.proposal_id for each in sheets)
    bound = bind(ResolveForm, "official/proposals/resolve.html", call=call, rows=rows, averages=averages, given=given)
    if not bound.accepted:
        return bound.page()
    chosen = proposal_choice.resolve(db.session(), code, bound.form.opinion.data or "", by=actor(), at=now())
    number = len(chosen)
    commit()
    flash(_("플랫폼 %(number)s곳을 선정했습니다.", number=number), "success")
    return redirect(url_for("official.proposals_index"))


def verify(id: int) -> ResponseReturnValue:
    proposal_choice.verify(db.session(), id, seen=request.form.get("seen", "missing"), by=actor(), at=now())
    commit()
    flash(_("계좌를 확인했습니다. 다른 사람이 협약을 적습니다."), "success")
    return redirect(url_for("official.proposals_show", id=id))


def agree(id: int) -> ResponseReturnValue:
    about = _about(id)
    found = about["proposal"]
    start = {"number": found.agreement_number, "signed_on": found.agreed_on, "ends_on": found.agreement_ends_on}
    bound = bind(AgreementForm, "official/proposals/agree.html", start=start, **about)
    if not bound.accepted:
        return bound.page()
    proposal_choice.agree(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("협약을 적었습니다. 이제 소상공인이 이 플랫폼의 서비스를 고를 수 있습니다."), "success")
    return redirect(url_for("official.proposals_show", id=id))


def _about(id: int) -> dict[str, Any]:
    """Sheets are another's until the choice is made."""
    proposal = look_up.of_organisation(db.session(), id, actor())
    sheets = look_up.sheets_of(db.session(), [id])
    return {
        "proposal": proposal,
        "rules": look_up.rules_of(proposal.version),
        "sheets": [each for each in sheets if proposal.outcome or each.person_id == actor().person_id],
        "sheet_count": len(sheets),
        "history": labels.happenings("proposal", audit.timeline(db.session(), "proposal", id)),
    }
