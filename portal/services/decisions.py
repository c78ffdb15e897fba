"""Deciding on an application: decision, budget commitment and letter come into being together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.approvals import Matter
from portal.domain.errors import BudgetExhausted, Incomplete, InvalidTransition, Problem
from portal.domain.funding import split
from portal.domain.ledger import PostingKind
from portal.domain.periods import fiscal_year, korean_date
from portal.domain.proxy_entries import keeps_back
from portal.domain.reviews import MIN_REASONS
from portal.models.applications import Application, Decision
from portal.models.letters import Letter
from portal.queries import budget, cases, programmes, proxy_entries, selections
from portal.queries import reservations as find_reservations
from portal.services import approvals, declarations, eligibility, ledger, letters, meanwhile, reservations, steps
from portal.storage.objects import Stores


def approve(
    session: Session, stores: Stores, application_id: int, *, by: Actor, at: datetime, note: str = ""
) -> Letter:
    """Approves what was recommended for approval: commits the grant, split by source, and issues the letter.

    What was kept at acceptance is used instead, and no more than that. Raises InvalidTransition (also the second
    time), SamePerson, NotPermitted (also where the amount is another's band), NotEligible (reopened, and
    others were faster meanwhile), and BudgetExhausted; nothing has then
    changed once the caller rolls back. Lock order: budget lines by id, then the application.
    """
    year = fiscal_year(korean_date(at))
    seen = cases.of_organisation(session, application_id, by)
    lines = budget.locked(session, seen.programme_id, year)
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, "approve")
    decision = _recommended(session, application)
    steps.take(session, application, LIFECYCLE, "approve", by=by, at=at, note=note)
    _refuse_unseen(session, application, "approve")
    if decision.proposed != "approve":
        raise InvalidTransition("the recommendation was not to approve", [Problem("recommendation_differs")])
    selections.refuse_unselected(session, application)
    eligibility.refuse_overtaken(session, application, at=at)
    published = programmes.read(application.version)
    amount = _amount(application)
    mandate = approvals.permit(session, Matter.DECISION, amount, by=by, at=at)
    kept = find_reservations.of_application(session, application.id)
    if kept is not None:
        parts = reservations.use(session, kept, amount, by=by, at=at)
    else:
        parts = split(amount, published.terms.funding)
        ledger.post(
            session,
            PostingKind.COMMIT,
            _by_line(parts, lines),
            source_key=f"commit:application:{application.id}",
            by=by,
            at=at,
            application_id=application.id,
        )
    granted = sum(parts.values())
    _settle(application, decision, "approve", granted, by=by, at=at)
    approvals.record(session, Matter.DECISION, {application.id: granted}, mandate, by=by, at=at)
    return letters.issue_decision(session, stores, application, decision, parts, by=by, at=at)


def reject(session: Session, stores: Stores, application_id: int, *, reasons: str, by: Actor, at: datetime) -> Letter:
    """Rejects; the letter gives reasons and remedies (민원처리법 제27조제3항). Raises Incomplete without reasons."""
    if len(reasons.strip()) < MIN_REASONS:
        raise Incomplete(problems=[Problem("reasons_too_short", "reasons")])
    reservations.hold(session, application_id, at=at)
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, "reject")
    decision = _recommended(session, application)
    steps.take(session, application, LIFECYCLE, "reject", by=by, at=at, note=reasons)
    _refuse_unseen(session, application, "reject")
    mandate = approvals.permit(session, Matter.DECISION, _amount(application), by=by, at=at)
    decision.reasons = reasons.strip()
    _settle(application, decision, "reject", 0, by=by, at=at)
    reservations.release(session, application, "rejection", by=by, at=at)
    approvals.record(session, Matter.DECISION, {application.id: 0}, mandate, by=by, at=at)
    return letters.issue_rejection(session, stores, application, decision, by=by, at=at)


def send_back(session: Session, application_id: int, *, reasons: str, by: Actor, at: datetime) -> Application:
    """Gives the case back to the reviewer, with what is to be looked at again."""
    if not reasons.strip():
        raise Incomplete(problems=[Problem("required", "reasons")])
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, "send_back")
    steps.take(session, application, LIFECYCLE, "send_back", by=by, at=at, note=reasons)
    application.changed_at = at
    return application


def _refuse_unseen(session: Session, application: Application, action: str) -> None:
    """What was entered by proxy is decided on once a second official has seen the consent."""
    problem = proxy_entries.in_the_way(session, application)
    if problem is not None and keeps_back(problem, action):
        raise InvalidTransition(f"{action} before the entry was looked at", [problem])


def _amount(application: Application) -> int:
    """What approval would grant: the amount whose band decides, whichever way."""
    return programmes.read(application.version).announcement.grant.amount_for(application.requested_amount or 0)


def _by_line(parts: Mapping[str, int], lines: Mapping[str, int]) -> dict[int, int]:
    """Source -> won, as budget line id -> won. Raises BudgetExhausted where a source was given no money."""
    without = [source for source, won in parts.items() if won and source not in lines]
    if without:
        raise BudgetExhausted(f"no budget line for {', '.join(without)}")
    return {lines[source]: won for source, won in parts.items() if won}


def _recommended(session: Session, application: Application) -> Decision:
    decision = cases.decision_of(session, application.id)
    if decision is None:
        raise InvalidTransition(f"application {application.id} was not recommended")
    return decision


def _settle(
    application: Application, decision: Decision, outcome: str, amount: int, *, by: Actor, at: datetime
) -> None:
    application.changed_at = at
    decision.outcome, decision.amount = outcome, amount
    decision.decided_by, decision.decided_at = by.user_id, at
