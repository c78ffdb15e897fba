"""Linking a merchant's shop to its store at a platform: the merchant names it, an official confirms it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, NotFound, NotPermitted, Problem
from portal.domain.links import LIFECYCLE, LinkProposal, LinkStatus
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.queries import links
from portal.services import steps


def propose(session: Session, merchant_id: int, command: LinkProposal, *, by: Actor, at: datetime) -> PlatformLink:
    """The merchant names a store. Raises Incomplete for an unknown platform, AlreadyDone for a link that waits."""
    merchant = session.get(Merchant, merchant_id)
    if merchant is None or merchant.owner_id != by.user_id:
        raise NotFound(f"merchant {merchant_id}")
    if command.platform not in data.platform_catalogue():
        raise Incomplete(problems=[Problem("unknown_platform", "platform", command.platform)])
    if not command.store_id.strip():
        raise Incomplete(problems=[Problem("missing_value", "store_id")])
    waiting = [
        link
        for link in links.of_owner(session, by)
        if (link.platform, link.store_id) == (command.platform, command.store_id.strip())
        and link.status in (LinkStatus.PROPOSED, LinkStatus.CONFIRMED)
    ]
    if waiting:
        raise AlreadyDone(problems=[Problem("link_already_there", "store_id", command.store_id)])
    link = PlatformLink(
        merchant_id=merchant_id,
        platform=command.platform,
        store_id=command.store_id.strip(),
        valid_from=command.valid_from,
        proposed_at=at,
    )
    steps.begin(session, link, LIFECYCLE, "propose", by=by, at=at)
    return link


def confirm(session: Session, link_id: int, *, by: Actor, at: datetime) -> PlatformLink:
    """Makes the link valid. Raises Conflict where the store belongs to another at that time."""
    link = links.of_organisation(session, link_id, by)
    _not_own(session, link, by)
    other = links.overlapping(session, link.platform, link.store_id, link.valid_from, link.valid_to, but=link.id)
    if other is not None:
        raise Conflict(problems=[Problem("store_linked_elsewhere", "store_id", link.store_id)])
    steps.take(session, link, LIFECYCLE, "confirm", by=by, at=at)
    link.decided_at = at
    return link


def refuse(session: Session, link_id: int, *, note: str, by: Actor, at: datetime) -> PlatformLink:
    """Turns the proposal down, with a reason for the merchant."""
    if not note.strip():
        raise Incomplete(problems=[Problem("missing_value", "note")])
    link = links.of_organisation(session, link_id, by)
    steps.take(session, link, LIFECYCLE, "refuse", by=by, at=at, note=note)
    link.decided_at = at
    return link


def end(session: Session, link_id: int, valid_to: date, *, by: Actor, at: datetime) -> PlatformLink:
    """Ends a valid link on a day (included). Raises Incomplete for a day before it began."""
    link = links.of_organisation(session, link_id, by)
    if valid_to < link.valid_from:
        raise Incomplete(problems=[Problem("before_start", "valid_to", valid_to.isoformat())])
    steps.take(session, link, LIFECYCLE, "end", by=by, at=at)
    link.valid_to = valid_to
    return link


def _not_own(session: Session, link: PlatformLink, by: Actor) -> None:
    if session.get_one(Merchant, link.merchant_id).owner_id == by.user_id:
        raise NotPermitted("nobody confirms a link of their own business")
