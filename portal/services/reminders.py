"""Reminding of deadlines: in working hours, and of each matter once a day, whoever runs it and however often."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import data
from portal.domain.deadlines import is_working_day, working_day_after
from portal.domain.notifications import BY_KIND
from portal.domain.periods import korean_date, korean_time
from portal.models.notifications import Notification
from portal.queries import reminders
from portal.queries.reminders import Reminder
from portal.queries.stand_ins import Told
from portal.queries.work_queue import SOON
from portal.services import notifications

FROM_HOUR = 9
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def remind(session: Session, *, at: datetime) -> int:
    """Writes the day's reminders that are not there yet; how many. Before nine nobody is reminded."""
    if korean_time(at).hour < FROM_HOUR:
        return 0
    on = korean_date(at)
    table = data.holidays()
    soon = working_day_after(on, SOON, table) if is_working_day(on, table) else None
    found = list(reminders.due(session, on, officials_upto=soon))
    return sum(_once(session, reminder, told, on, at) for reminder in found for told in _whom(session, reminder, on))


def _whom(session: Session, reminder: Reminder, on: date) -> list[Told]:
    """Who is to act, and whoever stands in for them."""
    whom: list[Told] = [(reminder.account_id, None)]
    if reminder.merchant_id is not None:
        about = reminder.merchant_id, reminder.application_id, reminder.organisation_id
        beside = notifications.told_beside(session, reminder.kind, *about, on)
        whom += [each for each in beside if each[0] != reminder.account_id]
    return whom


def _once(session: Session, reminder: Reminder, told: Told, day: date, at: datetime) -> int:
    """One statement: two workers who find the same at the same moment write it once."""
    insert = _INSERTS[session.get_bind().dialect.name]
    written = session.execute(
        insert(Notification)
        .values(
            account_id=told[0],
            mandate_id=told[1],
            organisation_id=reminder.organisation_id,
            kind=reminder.kind,
            topic=BY_KIND[reminder.kind].topic,
            record_id=reminder.record_id,
            about=reminder.about,
            due_on=reminder.due_on,
            day=day,
            made_at=at,
        )
        .on_conflict_do_nothing(
            index_elements=["account_id", "kind", "record_id", "day"], index_where=text("day IS NOT NULL")
        )
        .returning(Notification.id)
    )
    return len(written.all())
