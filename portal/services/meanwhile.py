"""What to say when a case has moved on while somebody was still writing: who did what to it, and when."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.applications import LIFECYCLE
from portal.domain.errors import InvalidTransition, Problem
from portal.domain.periods import document_date, korean_time
from portal.models.applications import Application
from portal.queries import audit


def refuse_moved(session: Session, application: Application, action: str) -> None:
    """Raises InvalidTransition that names the last step, where this one cannot follow it."""
    try:
        LIFECYCLE.step(application.status, action)
    except InvalidTransition as moved:
        happened = [each for each in audit.timeline(session, LIFECYCLE.noun, application.id) if each.target]
        if not happened:
            raise
        last = happened[-1]
        when = korean_time(last.at)
        said = f"{last.person} {document_date(when.date())} {when:%H:%M}"
        raise InvalidTransition(str(moved), [Problem("case_moved_on", value=said)]) from moved
