"""Reviewing an application: taking it up, asking for what is missing, and recommending a decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE, ApplicationStatus, Recommendation, SupplementRequest
from portal.domain.assignments import How
from portal.domain.deadlines import period_of, supplement_due_on
from portal.domain.errors import Incomplete, Problem
from portal.domain.periods import korean_date
from portal.domain.reviews import MAX_SUPPLEMENT_DAYS, check_recommendation
from portal.domain.supplements import refuse_request
from portal.models.applications import Application, Decision, Supplement
from portal.queries import cases, selections
from portal.services import (
    absences,
    charges,
    clocks,
    declarations,
    eligibility,
    letters,
    meanwhile,
    steps,
    supplement_parts,
)
from portal.storage.objects import Stores

S = ApplicationStatus


def take_up(session: Session, application_id: int, *, by: Actor, at: datetime) -> Application:
    """The reviewer takes the case up. Raises NotFound, InvalidTransition, NotPermitted."""
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, "take_up")
    absences.acting(session, None, by=by, at=at)
    steps.take(session, application, LIFECYCLE, "take_up", by=by, at=at)
    charges.record(session, application, by.user_id, How.TAKEN, by=by, at=at)
    return application


def request_supplement(
    session: Session, stores: Stores, application_id: int, command: SupplementRequest, *, by: Actor, at: datetime
) -> Supplement:
    """Asks for what is missing, with a day and a letter (민원처리법 제22조, 시행령 제24조); only what it names
    may change.

    Once more, for at most ten days, where the first was answered in part or ran out; never a third time. Raises
    Incomplete, and InvalidTransition that says who did what meanwhile.
    """
    application = cases.to_handle(session, application_id, by)
    asked_before = tuple(application.asked_for)
    action = "request_again" if application.status is S.SUPPLEMENT_REQUESTED else "request_supplement"
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, action)
    refuse_request(asked_before, korean_date(at))
    _check_days(command.days, application, at)
    wrong = [] if command.items.strip() else [Problem("required", "items")]
    if wrong := wrong + supplement_parts.problems_in(application, command.parts):
        raise Incomplete(problems=wrong)
    absent = absences.acting(session, application.reviewer_id, by=by, at=at)
    steps.take(session, application, LIFECYCLE, action, by=by, at=at, note=command.items,
               details=_in_place(absent))  # fmt: skip
    application.changed_at = at
    supplement = Supplement(
        items=command.items.strip(),
        requested_by=by.user_id,
        requested_at=at,
        due_on=supplement_due_on(korean_date(at), command.days, clocks.observed(session, application)),
    )
    supplement_parts.record(application, supplement, command.parts)
    application.supplements.append(supplement)
    session.flush()
    letters.issue_supplement(
        session, stores, application, supplement, number=len(asked_before) + 1, stands_for=absent, by=by, at=at
    )
    return supplement


def recommend(session: Session, application_id: int, command: Recommendation, *, by: Actor, at: datetime) -> Decision:
    """Puts the case before the approver, in place of a recommendation that was sent back. Raises Incomplete."""
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, "recommend")
    items = cases.checklist_of(session, application)
    check_recommendation(command.outcome, command.reasons, command.checklist, items)
    if command.outcome == "approve":
        selections.refuse_unselected(session, application)
        eligibility.refuse_overtaken(session, application, at=at)
    absent = absences.acting(session, application.reviewer_id, by=by, at=at)
    steps.take(session, application, LIFECYCLE, "recommend", by=by, at=at, note=command.reasons,
               details={"outcome": command.outcome, "checklist": sorted(command.checklist)}
               | (_in_place(absent) or {}))  # fmt: skip
    application.changed_at = at
    decision = cases.decision_of(session, application.id)
    if decision is None:
        decision = Decision(application_id=application.id, amount=0)
        session.add(decision)
    decision.version_id = application.version_id
    decision.proposed = command.outcome
    decision.reasons = command.reasons.strip()
    decision.checklist = sorted(command.checklist)
    decision.recommended_by, decision.recommended_at = by.user_id, at
    session.flush()
    return decision


def _in_place(absent: int | None) -> dict[str, int] | None:
    """What the audit trail says of a step that was taken in another's place."""
    return {"stands_for": absent} if absent is not None else None


def longest(asked_before: int, *, at: datetime) -> int:
    """How many days a request may give, by how many there were before it."""
    if not asked_before:
        return MAX_SUPPLEMENT_DAYS
    return period_of(data.act_periods(), "petition", "supplement_again", korean_date(at)).days


def _check_days(days: int, application: Application, at: datetime) -> None:
    """A second request leaves at most ten days (민원처리법 시행령 제24조제3항)."""
    most = longest(len(application.asked_for), at=at)
    if not 1 <= days <= most:
        raise Incomplete(problems=[Problem("days_out_of_range", "days", str(most))])
