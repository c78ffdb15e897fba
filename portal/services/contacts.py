"""Choosing where one is told outside the portal, and what one wants to hear nothing of in the inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete
from portal.domain.messages import TO_PHONES, Channel, ChooseChannels, faults
from portal.domain.notifications import OPTIONAL
from portal.models.notifications import Contact, NotificationMute
from portal.services import steps


def choose(session: Session, command: ChooseChannels, *, by: Actor, at: datetime) -> None:
    """One's own choice, whole. An address written anew, or the same again, is taken to be a good one from now on.

    Raises Incomplete where a channel lacks its address. Legal notices cannot be switched off: such a topic is no
    choice, and is left out.
    """
    problems = faults(command)
    if problems:
        raise Incomplete(problems=problems)
    for channel in Channel:
        address = command.phone if channel in TO_PHONES else command.mail
        _keep(session, channel, address, command, by=by, at=at)
    session.execute(delete(NotificationMute).where(NotificationMute.account_id == by.user_id))
    muted = [topic for topic in OPTIONAL if topic in command.muted]
    session.add_all(NotificationMute(account_id=by.user_id, topic=topic) for topic in muted)
    details = {"channels": sorted(command.channels), "muted": muted}
    steps.write(session, "contact", by.user_id, "choose", by=by, at=at, details=details)


def _keep(
    session: Session, channel: Channel, address: str, command: ChooseChannels, *, by: Actor, at: datetime
) -> None:
    contact = session.get(Contact, (by.user_id, channel))
    if contact is None:
        contact = Contact(account_id=by.user_id, channel=channel)
        session.add(contact)
    contact.address, contact.wanted = address, channel in command.channels
    contact.quiet_from, contact.quiet_to = command.quiet_from, command.quiet_to
    contact.changed_at, contact.bad_since, contact.bad_reason = at, None, ""
