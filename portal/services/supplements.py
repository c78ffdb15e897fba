"""What a merchant does with a request for supplement (보완): answering it, and asking for more time.

Asking for one is the reviewer's business (services/reviews.py).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain import supplements as rules
from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.deadlines import calendar_due_on, period_of
from portal.domain.errors import Incomplete, Problem
from portal.domain.periods import document_date, korean_date
from portal.domain.reviews import MAX_SUPPLEMENT_DAYS
from portal.domain.supplements import ExtendSupplement
from portal.models.applications import Application, Supplement
from portal.models.clocks import SupplementExtension
from portal.queries import clocks as more_time
from portal.services import clock_letters, clocks, steps, supplement_parts
from portal.services.applications import LONGEST_PLAN, locked, refuse_incomplete
from portal.storage.objects import Stores


def answer(session: Session, application_id: int, text: str, *, by: Actor, at: datetime) -> Application:
    """Says what was supplemented and hands the case back; the time it took is added to the office's time.

    After the last day it is still accepted, until the application is returned, and says so. Raises InvalidTransition
    where nothing was asked, Incomplete where something is missing.
    """
    application = locked(session, application_id, by)
    LIFECYCLE.step(application.status, "answer_supplement")
    if not text.strip():
        raise Incomplete(problems=[Problem("required", "answer")])
    if len(text) > LONGEST_PLAN:
        raise Incomplete(problems=[Problem("too_long", "answer")])
    refuse_incomplete(application)
    late = 0
    for asked in application.asked_for:
        if asked.answered_at is None:
            late = asked.days_late = rules.days_late(asked, korean_date(at))
            asked.answer, asked.answered_at = text.strip(), at
            supplement_parts.close(application, asked)
    details = {"days_late": late} if late else None
    steps.take(session, application, LIFECYCLE, "answer_supplement", by=by, at=at, note=text.strip(), details=details)
    clocks.set_due(session, application)
    application.changed_at = at
    session.flush()
    return application


def extend(
    session: Session, stores: Stores, application_id: int, command: ExtendSupplement, *, by: Actor, at: datetime
) -> Supplement:
    """More time for the first request, twice at most and before it ran out (민원처리법 시행령 제24조제2항).

    The office sets the new day by what the applicant asks for: it is granted as asked, up to the longest time that a
    request may have. Raises InvalidTransition, Incomplete.
    """
    application = locked(session, application_id, by)
    LIFECYCLE.step(application.status, "answer_supplement")
    asked, on = application.asked_for[-1], korean_date(at)
    before = more_time.more_time(session, application).get(asked.id, [])
    most = period_of(data.act_periods(), "petition", "supplement_extensions", on).days
    rules.refuse_extension(
        application.asked_for, len(before), on, most=most, command=command, longest=MAX_SUPPLEMENT_DAYS
    )
    due_on = calendar_due_on(asked.due_on, command.days, clocks.observed(session, application))
    extension = SupplementExtension(
        supplement_id=asked.id,
        number=len(before) + 1,
        days=command.days,
        reason=command.reason.strip(),
        due_before=asked.due_on,
        due_on=due_on,
        asked_by=by.user_id,
        asked_at=at,
    )
    session.add(extension)
    asked.due_on = due_on
    note = f"{document_date(extension.due_before)} → {document_date(due_on)} ({extension.reason})"
    clocks.note(session, application, "extend_supplement", note, by=by, at=at, details={"number": extension.number})
    clock_letters.issue_supplement_extended(session, stores, application, asked, extension, by=by, at=at)
    return asked
