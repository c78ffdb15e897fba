"""Score sheets: given once by a person without interest in the case, and locked from then on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotPermitted, Problem
from portal.domain.permissions import Permission
from portal.domain.rankings import sheet_problems
from portal.domain.selections import LIFECYCLE, MAX_COMMENT, GiveScores, SelectionStatus
from portal.models.selections import Score, ScoreSheet
from portal.queries import audit, cases, selection_pages, selections
from portal.services import declarations, steps


def give(
    session: Session, selection_id: int, application_id: int, command: GiveScores, *, by: Actor, at: datetime
) -> ScoreSheet:
    """Gives one candidate its points, for good.

    Raises NotFound, NotPermitted (also for whoever declared an interest, or nothing yet, or has read the sheets of a
    ranking), InvalidTransition once it is ranked, Incomplete, and AlreadyDone for a second sheet of the same person,
    whichever of their accounts gives it.
    """
    if not by.may(Permission.APPLICATION_REVIEW):
        raise NotPermitted(Permission.APPLICATION_REVIEW)
    selection = selections.to_handle(session, selection_id, by)
    rules = selections.rules_of(selection)
    selections.candidate(session, selection_id, application_id)
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    if not rules.scored or selection.status is not SelectionStatus.FIXED:
        raise InvalidTransition("no sheets are taken now", [Problem("scoring_over")])
    if application.status is not selections.CHOOSABLE:
        raise InvalidTransition("no candidate any more", [Problem("candidate_left")])
    if selection_pages.has_read(audit.done_by(session, LIFECYCLE.noun, selection_id), by):
        raise NotPermitted("who ranked or gave the ranking back has read the sheets", [Problem("sent_it_back")])
    problems = sheet_problems(command.points, rules)
    if len(command.comment) > MAX_COMMENT:
        problems.append(Problem("too_long", "comment"))
    if problems:
        raise Incomplete(problems=problems)
    sheet = ScoreSheet(
        selection_id=selection_id,
        application_id=application_id,
        account_id=by.user_id,
        person_id=by.person_id,
        comment=command.comment.strip(),
        given_at=at,
        scores=[Score(criterion=code, points=points) for code, points in command.points.items()],
    )
    session.add(sheet)
    try:
        session.flush()
    except IntegrityError as given_before:
        raise AlreadyDone("a sheet was given", [Problem("sheet_given")]) from given_before
    steps.write(
        session, LIFECYCLE.noun, selection_id, "score", by=by, at=at, details={"application": application_id}
    )  # fmt: skip
    return sheet
