"""Telling people in their inbox: a line of it is written in the transaction of what happened, and read once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.notifications import BY_HAPPENING, FOR_STAND_INS, GROUPS, Kind, Occasion, Whom
from portal.domain.periods import korean_date
from portal.models.notifications import Notification
from portal.queries import matches, notifications, stand_ins
from portal.queries import notification_matters as matters
from portal.queries.notification_matters import Subject
from portal.queries.stand_ins import Told


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
    if organisation_id is None and noun == "link":
        organisation_id = matches.office_of(session, record_id)
    if organisation_id is None:
        return  # a matter of no office: nobody but the merchant has a hand in it
    session.add_all(
        Notification(
            account_id=account_id,
            organisation_id=organisation_id,
            kind=occasion.kind,
            topic=occasion.topic,
            record_id=subject.record_id,
            mandate_id=mandate_id,
            about=subject.about,
            due_on=subject.due_on if occasion.due else None,
            made_at=at,
        )
        for occasion in occasions
        for account_id, mandate_id in _whom(session, occasion, subject, organisation_id, by=by, at=at)
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


def told_beside(
    session: Session, kind: Kind, merchant_id: int, application_id: int | None, organisation_id: int, on: date
) -> list[Told]:
    """Who is told of a merchant's matter beside the merchant. An agent learns what is acted on with the application; a
    clerk, while nobody can open the merchant's account, everything.
    """
    found = stand_ins.of(session, merchant_id, application_id, organisation_id, on)
    acted_on = kind in FOR_STAND_INS
    agents = list(found.agents) if acted_on else []
    # What a consent does not open leads to where a new one begins.
    return agents + [(account, mandate if acted_on else None) for account, mandate in found.clerks]


def _whom(
    session: Session, occasion: Occasion, subject: Subject, organisation_id: int, *, by: Actor, at: datetime
) -> Collection[Told]:
    if occasion.whom is Whom.FIRM:
        people = matters.people_of(session, organisation_id, subject.platform)
        return [(each, None) for each in people if each != by.user_id]
    if occasion.whom in GROUPS:
        members = matters.members(session, organisation_id, occasion.whom)
        return [(each, None) for each in members if each != by.user_id]
    account_id = subject.people.get(occasion.whom)
    if account_id is None:
        return []
    beside: list[Told] = []
    if occasion.whom is Whom.OWNER and subject.merchant_id is not None:
        beside = told_beside(
            session, occasion.kind, subject.merchant_id, subject.application_id, organisation_id, korean_date(at)
        )
    return [(account_id, None), *(each for each in beside if each[0] not in (account_id, by.user_id))]
