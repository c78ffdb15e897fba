"""Confirming the stores on the market that an association named for its members, all of a list at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import AlreadyDone, Problem, Refusal
from portal.domain.links import LinkStatus
from portal.queries import rosters
from portal.services import links


def confirm(session: Session, roster_id: int, *, by: Actor, at: datetime) -> int:
    """Confirms the stores of those members whose grant is decided; one that is another's stays as it is.

    Returns how many. Raises NotFound, AlreadyDone where there is none to confirm.
    """
    found = rosters.case(session, roster_id, by)
    decided = {
        member.application.merchant_id
        for member in found.members
        if member.application is not None and member.application.status is ApplicationStatus.APPROVED
    }
    done = 0
    for link in rosters.links_of(session, found).values():
        if link.status is not LinkStatus.PROPOSED or link.merchant_id not in decided:
            continue
        attempt = session.begin_nested()
        try:
            links.confirm(session, link.id, by=by, at=at)
            attempt.commit()
            done += 1
        except Refusal:
            attempt.rollback()
    if not done:
        raise AlreadyDone(problems=[Problem("roster_no_links")])
    return done
