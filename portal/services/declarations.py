"""Declaring an interest in a case or none, and keeping those who have one, or said nothing, away from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.assignments import How
from portal.domain.declarations import MIN_REASON, NO_INTEREST, Declaration
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.permissions import Permission
from portal.models.applications import Application
from portal.models.declarations import InterestDeclaration
from portal.queries import accounts, cases, declarations, mandates
from portal.services import charges, steps

NOUN = "interest_declaration"


def declare(session: Session, application_id: int, command: Declaration, *, by: Actor, at: datetime) -> Application:
    """Says once for a case whether `by` has an interest in it; who has one hands the case on.

    Raises NotFound, NotPermitted, Incomplete without a reason, AlreadyDone where nothing new is said. Nobody takes a
    declared interest back.
    """
    application = cases.to_handle(session, application_id, by)
    if not by.may(Permission.INTEREST_DECLARE):
        raise NotPermitted("declaring is for those who handle cases")
    reason = command.reason.strip()
    if command.has_interest and len(reason) < MIN_REASON:
        raise Incomplete(problems=[Problem("interest_reason", "reason")])
    before = declarations.said(session, [application_id], by.person_id).get(application_id)
    if before is not None and (before or not command.has_interest):
        raise AlreadyDone(f"application {application_id}: declared before")
    _add(session, application_id, Declaration(command.has_interest, reason if command.has_interest else ""), by, at)
    if command.has_interest and application.status in (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW):
        officer = accounts.person_of(session, application.reviewer_id)
        if officer == by.person_id:  # from now on it is anybody's turn
            charges.record(session, application, None, How.GIVEN_BACK, by=by, at=at)
    session.flush()
    return application


def declare_none(session: Session, application_ids: Collection[int], *, by: Actor, at: datetime) -> int:
    """No interest in any of these cases, of which nothing was said yet: one click for a whole list.

    Returns how many were left out: one's own, and those whose merchant one stands in for; nothing can be said of them.
    """
    known = declarations.said(session, application_ids, by.person_id)
    asked = set(application_ids) - known.keys()
    own = asked & (mandates.own_cases(session, by) | mandates.stood_in_for(session, by)) if asked else set()
    for application_id in sorted(asked - own):
        _add(session, application_id, NO_INTEREST, by, at)
    return len(own)


def check(session: Session, application_id: int, *, by: Actor) -> None:
    """Raises NotPermitted for whoever declared an interest in the case, or has not declared anything."""
    said = declarations.said(session, [application_id], by.person_id).get(application_id)
    if said is None:
        raise NotPermitted("no declaration yet", [Problem("interest_undeclared")])
    if said:
        raise NotPermitted("an interest was declared", [Problem("interest_declared")])


def keep_away(session: Session, application_ids: Collection[int], *, by: Actor) -> None:
    """Raises NotPermitted where one of the cases is one that `by` declared an interest in."""
    if declarations.interests(session, by.person_id) & set(application_ids):
        raise NotPermitted("an interest was declared", [Problem("interest_declared")])


def keep_own_away(session: Session, application_ids: Collection[int], *, by: Actor) -> None:
    """The same, and where one of them is the person's own, or they entered it or may act in its merchant's place."""
    keep_away(session, application_ids, by=by)
    if mandates.own_cases(session, by) & set(application_ids):
        raise NotPermitted("nobody handles their own application", [Problem("own_application")])
    if kept_from(session, application_ids, by=by):
        raise NotPermitted("nobody handles what they entered", [Problem("stands_in")])


def kept_from(session: Session, application_ids: Collection[int], *, by: Actor) -> set[int]:
    """Those of the cases that the person entered in a merchant's place, or for whose merchant they may still act."""
    return mandates.stood_in_for(session, by) & set(application_ids)


def _add(session: Session, application_id: int, said: Declaration, by: Actor, at: datetime) -> None:
    row = InterestDeclaration(
        application_id=application_id,
        account_id=by.user_id,
        person_id=by.person_id,
        has_interest=said.has_interest,
        reason=said.reason,
        declared_at=at,
    )
    session.add(row)
    session.flush()
    action = "declare_interest" if said.has_interest else "declare_none"
    steps.write(session, NOUN, row.id, action, by=by, at=at, details={"application": application_id})
