"""Looks up inboxes: a page of one's own, how many lines are unread, and what its owner has switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.notifications import Topic
from portal.models.accounts import LoginSession
from portal.models.notifications import Notification, NotificationMute

PAGE = 50


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of lines, newest first; `earlier`: the id to go on from."""

    lines: Sequence[Notification]
    earlier: int | None


def _heard() -> ColumnElement[bool]:
    """Not of a topic that its owner has switched off."""
    muted = select(NotificationMute.topic).where(
        NotificationMute.account_id == Notification.account_id, NotificationMute.topic == Notification.topic
    )
    return ~muted.exists()


def inbox(session: Session, by: Actor, *, unread: bool = False, before: int | None = None) -> Inbox:
    """One's own lines, all or the unread ones."""
    query = select(Notification).where(Notification.account_id == by.user_id, _heard())
    if unread:
        query = query.where(Notification.read_at.is_(None))
    if before is not None:
        query = query.where(Notification.id < before)
    found = session.scalars(query.order_by(Notification.id.desc()).limit(PAGE + 1)).all()
    return Inbox(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def own(session: Session, notification_id: int, by: Actor) -> Notification:
    """One of one's own lines. Raises NotFound."""
    found = session.get(Notification, notification_id)
    if found is None or found.account_id != by.user_id:
        raise NotFound(f"notification {notification_id}")
    return found


def unread_of_session() -> ColumnElement[int]:
    """How many lines the person of a login session has not read: for the query that looks the session up."""
    mine = (Notification.account_id == LoginSession.user_id, Notification.read_at.is_(None), _heard())
    return select(func.count(Notification.id)).where(*mine).correlate(LoginSession).scalar_subquery()


def muted_by(session: Session, line: Notification) -> frozenset[Topic]:
    """What the person of this line has switched off; nobody is asked about what cannot be."""
    return muted(session, line.account_id) if line.topic is not Topic.LEGAL else frozenset()


def muted(session: Session, account_id: int) -> frozenset[Topic]:
    """The topics that a person has switched off."""
    return frozenset(session.scalars(select(NotificationMute.topic).where(NotificationMute.account_id == account_id)))
