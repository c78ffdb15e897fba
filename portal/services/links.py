"""Linking a merchant's shop to its store at a platform: the merchant names it, an official confirms it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, NotPermitted, Problem
from portal.domain.links import LIFECYCLE, LinkProposal, LinkStatus
from portal.domain.settlements import MAX_TEXT
from portal.domain.webhooks import Event
from portal.models.links import PlatformLink
from portal.queries import links, merchants
from portal.queries import webhooks as hooks
from portal.services import steps, webhooks

_LIVE = (LinkStatus.PROPOSED, LinkStatus.CONFIRMED)


def propose(session: Session, merchant_id: int, command: LinkProposal, *, by: Actor, at: datetime) -> PlatformLink:
    """The merchant names a store. Raises NotFound, Incomplete, or AlreadyDone for a store named before."""
    merchant = merchants.owned(session, merchant_id, by)
    store_id = command.store_id.strip()
    _check(command, store_id)
    named = ((link.platform, link.store_id) for link in links.of_owner(session, by) if link.status in _LIVE)
    if (command.platform, store_id) in named:
        raise AlreadyDone(problems=[Problem("link_already_there", "store_id", store_id)])
    link = PlatformLink(
        merchant_id=merchant.id,
        platform=command.platform,
        store_id=store_id,
        valid_from=command.valid_from,
        proposed_at=at,
    )
    steps.begin(session, link, LIFECYCLE, "propose", by=by, at=at)
    _announce(session, Event.LINK_PROPOSED, link, at=at)
    return link


def confirm(session: Session, link_id: int, *, by: Actor, at: datetime) -> PlatformLink:
    """Makes the link valid from its first day. Raises Conflict where the store is another's on one of those days,
    NotPermitted where it is the official's own business."""
    return _confirmed(session, _held(session, link_id, by), "confirm", by=by, at=at)


def refuse(session: Session, link_id: int, *, note: str, by: Actor, at: datetime) -> PlatformLink:
    """Turns the proposal down, with a reason for the merchant."""
    return _refused(session, _held(session, link_id, by), "refuse", note=note, by=by, at=at)


def vouch(session: Session, link_id: int, *, platform: str, by: Actor, at: datetime) -> PlatformLink:
    """The platform says that the store is the merchant's. Raises as `confirm`, and NotFound for another platform's."""
    links.of_platform(session, link_id, by, platform)
    return _confirmed(session, _held(session, link_id, by), "vouch", by=by, at=at)


def deny(session: Session, link_id: int, *, platform: str, note: str, by: Actor, at: datetime) -> PlatformLink:
    """The platform says that the store is not the merchant's, and why."""
    links.of_platform(session, link_id, by, platform)
    return _refused(session, _held(session, link_id, by), "deny", note=note, by=by, at=at)


def end(session: Session, link_id: int, valid_to: date, *, by: Actor, at: datetime) -> PlatformLink:
    """Ends a valid link on a day (included). Raises Incomplete for a day before it began."""
    link = _held(session, link_id, by)
    if valid_to < link.valid_from:
        raise Incomplete(problems=[Problem("date_order", "valid_to", valid_to.isoformat())])
    steps.take(session, link, LIFECYCLE, "end", by=by, at=at)
    link.valid_to = valid_to
    _announce(session, Event.LINK_ENDED, link, at=at)
    return link


def _confirmed(session: Session, link: PlatformLink, action: str, *, by: Actor, at: datetime) -> PlatformLink:
    elsewhere = Conflict(problems=[Problem("store_linked_elsewhere", "store_id", link.store_id)])
    if links.overlapping(session, link.platform, link.store_id, link.valid_from, link.valid_to, but=link.id):
        raise elsewhere
    try:
        steps.take(session, link, LIFECYCLE, action, by=by, at=at)
    except IntegrityError as lost_the_race:  # its platform tied it to another business since we looked
        raise elsewhere from lost_the_race
    if merchants.owner_of(session, link.merchant_id) == by.person_id:  # it may have been an agent who named the store
        raise NotPermitted("nobody confirms a store of their own business", [Problem("own_application")])
    link.decided_at = at
    _announce(session, Event.LINK_CONFIRMED, link, at=at)
    return link


def _refused(session: Session, link: PlatformLink, action: str, *, note: str, by: Actor, at: datetime) -> PlatformLink:
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    steps.take(session, link, LIFECYCLE, action, by=by, at=at, note=note.strip())
    link.decided_at = at
    _announce(session, Event.LINK_REFUSED, link, at=at)
    return link


def _announce(session: Session, event: Event, link: PlatformLink, *, at: datetime) -> None:
    """Tells the platform, whoever decided: one of its programs may decide, and another one listen."""
    about = {"link_id": link.id, "store_id": link.store_id}
    offices = hooks.organisations_of_merchant(session, link.merchant_id)
    webhooks.announce(session, event, link.platform, offices, about, at=at)


def _held(session: Session, link_id: int, by: Actor) -> PlatformLink:
    """The link as it is now; nobody else decides about its store until the transaction ends."""
    link = links.of_organisation(session, link_id, by)
    links.lock_store(session, link.platform, link.store_id)
    session.refresh(link)
    return link


def _check(command: LinkProposal, store_id: str) -> None:
    wrong = []
    if command.platform not in data.platform_catalogue():
        wrong.append(Problem("unknown_choice", "platform", command.platform))
    if not store_id:
        wrong.append(Problem("required", "store_id"))
    if len(store_id) > MAX_TEXT:
        wrong.append(Problem("too_long", "store_id"))
    if wrong:
        raise Incomplete(problems=wrong)
