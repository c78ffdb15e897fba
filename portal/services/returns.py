"""Returning an application that was not supplemented after two requests (반려, 민원처리법 시행령 제25조제1항)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.approvals import Matter
from portal.domain.errors import Incomplete, InvalidTransition, Problem
from portal.domain.periods import korean_date
from portal.domain.reviews import MIN_REASONS
from portal.domain.supplements import may_return
from portal.models.letters import Letter
from portal.queries import cases, programmes
from portal.services import approvals, clock_letters, declarations, meanwhile, reservations, steps
from portal.storage.objects import Stores


def give_back(
    session: Session, stores: Stores, application_id: int, *, reasons: str, by: Actor, at: datetime
) -> Letter:
    """Ends the case without a decision, with reasons by letter; what was kept for it goes to the next in line.

    Raises Incomplete without reasons, InvalidTransition before both requests ran out or were answered in vain.
    """
    if len(reasons.strip()) < MIN_REASONS:
        raise Incomplete(problems=[Problem("reasons_too_short", "reasons")])
    reservations.hold(session, application_id, at=at)
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    meanwhile.refuse_moved(session, application, "return")
    if not may_return(application.asked_for, korean_date(at)):
        raise InvalidTransition("not asked twice in vain", [Problem("return_too_early")])
    steps.take(session, application, LIFECYCLE, "return", by=by, at=at, note=reasons.strip())
    amount = programmes.read(application.version).announcement.grant.amount_for(application.requested_amount or 0)
    mandate = approvals.permit(session, Matter.DECISION, amount, by=by, at=at)
    application.return_reasons, application.changed_at = reasons.strip(), at
    reservations.release(session, application, "return", by=by, at=at)
    return clock_letters.issue_returned(session, stores, application, mandate, by=by, at=at)
