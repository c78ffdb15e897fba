"""A member answers its association with its own account: it may apply for the business, or it may not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, NotPermitted, Problem
from portal.domain.rosters import MEMBER_LIFECYCLE
from portal.models.merchants import Merchant
from portal.models.rosters import RosterMember
from portal.queries import applications, rosters
from portal.services import steps


def confirm(session: Session, member_id: int, *, by: Actor, at: datetime) -> RosterMember:
    """The association may apply for this business in this programme.

    Raises NotFound for another's business, NotPermitted for whoever stands in, AlreadyDone where it applied already or
    has said so to another association.
    """
    member, merchant = _own(session, member_id, by)
    roster = member.roster
    if applications.living(session, roster.programme_id, merchant.id) is not None:
        raise AlreadyDone(problems=[Problem("membership_applied")])
    if rosters.elsewhere(session, roster.programme_id, member.business_number, but=roster.id):
        raise AlreadyDone(problems=[Problem("membership_elsewhere")])
    return _answer(session, member, "confirm", by=by, at=at)


def decline(session: Session, member_id: int, *, by: Actor, at: datetime) -> RosterMember:
    """It may not, also where it was allowed before and has not applied yet. Raises NotFound, InvalidTransition."""
    member, _merchant = _own(session, member_id, by)
    return _answer(session, member, "decline", by=by, at=at)


def _own(session: Session, member_id: int, by: Actor) -> tuple[RosterMember, Merchant]:
    if by.acts_for is not None:
        raise NotPermitted("a consent is the owner's own", [Problem("mandate_not_passed_on")])
    return rosters.asked_one(session, member_id, by)


def _answer(session: Session, member: RosterMember, action: str, *, by: Actor, at: datetime) -> RosterMember:
    member.answered_by, member.answered_at = by.user_id, at
    steps.take(session, member, MEMBER_LIFECYCLE, action, by=by, at=at)
    return member
