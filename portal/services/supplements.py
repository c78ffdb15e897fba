"""The merchant's answer to a request for supplement (보완); asking for one is the reviewer's business."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.errors import Incomplete, Problem
from portal.domain.periods import korean_date
from portal.models.applications import Application
from portal.queries import programmes
from portal.services import steps
from portal.services.applications import LONGEST_PLAN, due_on, locked, refuse_incomplete


def answer(session: Session, application_id: int, text: str, *, by: Actor, at: datetime) -> Application:
    """Says what was supplemented and hands the case back; the time it took is added to the office's time.

    Raises InvalidTransition where nothing was asked, Incomplete where something is missing.
    """
    application = locked(session, application_id, by)
    LIFECYCLE.step(application.status, "answer_supplement")
    if not text.strip():
        raise Incomplete(problems=[Problem("required", "answer")])
    if len(text) > LONGEST_PLAN:
        raise Incomplete(problems=[Problem("too_long", "answer")])
    refuse_incomplete(application)
    for asked in application.supplements:
        if asked.answered_at is None:
            asked.answer, asked.answered_at = text.strip(), at
    steps.take(session, application, LIFECYCLE, "answer_supplement", by=by, at=at, note=text.strip())
    application.due_on = _due_on(application)
    application.changed_at = at
    session.flush()
    return application


def _due_on(application: Application) -> date:
    call = programmes.read(application.version).announcement.call
    waits = [
        (korean_date(asked.requested_at), korean_date(asked.answered_at))
        for asked in application.supplements
        if asked.answered_at is not None
    ]
    return due_on(call, application.submitted_at or application.changed_at, waits)
