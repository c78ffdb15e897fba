"""Telling people in their inbox: a line of it is written in the transaction of what happened, and read once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.notifications import BY_HAPPENING, GROUPS, Occasion, Whom
from portal.models.notifications import Notification
from portal.queries import notification_matters as matters
from portal.queries import notifications
from portal.queries.notification_matters import Subject


def tell(session: Session, noun: str, record_id: int, action: str, *, by: Actor, at: datetime) -> None:
    """Tells whom the table of occasions names of what has just happened, if it names anybody.

    Called where the audit trail is written, so that nothing happens without its being told, or is told without
    having happened.
    """
    occasions = BY_HAPPENING.get((noun, action))
    if occasions is None:
        return
    subject = matters.of(session, noun, record_id)
    organisation_id = subject.organisation_id or by.organisation_id
    if organisation_id is None:
        return  # a matter of no office: nobody but the merchant has a hand in it
    session.add_all(
        Notification(
            account_id=account_id,
            organisation_id=organisation_id,
            kind=occasion.kind,
            topic=occasion.topic,
            record_id=subject.record_id,
            about=subject.about,
            due_on=subject.due_on if occasion.due else None,
            made_at=at,
        )
        for occasion in occasions
        for account_id in _whom(session, occasion, subject, organisation_id, by)
    )


def open_one(session: Session, notification_id: int, *, by: Actor, at: datetime) -> Notification:
    """The person looks at a line of their inbox, which is read from then on. Raises NotFound for another's."""
    found = notifications.own(session, notification_id, by)
    if found.read_at is None:
        found.read_at = at
    return found


def read_all(session: Session, upto: int, *, by: Actor, at: datetime) -> None:
    """Everything up to the newest line that was on the page is read; what came meanwhile is not."""
    mine = (Notification.account_id == by.user_id, Notification.read_at.is_(None), Notification.id <= upto)
    session.execute(update(Notification).where(*mine).values(read_at=at).execution_options(synchronize_session=False))


def _whom(session: Session, occasion: Occasion, subject: Subject, organisation_id: int, by: Actor) -> Collection[int]:
    if occasion.whom is Whom.FIRM:
        return [each for each in matters.people_of(session, organisation_id, subject.platform) if each != by.user_id]
    if occasion.whom in GROUPS:
        return [each for each in matters.members(session, organisation_id, occasion.whom) if each != by.user_id]
    account_id = subject.people.get(occasion.whom)
    return [] if account_id is None else [account_id]
