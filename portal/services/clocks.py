"""The day by which the office answers: counting it, and writing into a case's history what moved it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import data
from portal.domain import deadlines
from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.deadlines import ActPeriod, Holidays
from portal.domain.periods import korean_date
from portal.models.applications import Application
from portal.queries import clocks, holidays, programmes
from portal.services import steps


def observed(session: Session, application: Application) -> Holidays:
    """The holidays of the organisation whose case it is."""
    organisation_id = application.version.programme.organisation_id
    return frozenset(holidays.observed(session, data.holiday_names(), organisation_id))


def count(application: Application, table: Holidays, *, more: int = 0) -> date:
    """By when the office answers; waiting for a supplement does not count (행정절차법 시행령 제11조)."""
    call = programmes.read(application.version).announcement.call
    waits = [(first, last) for first, last in clocks.waits(application.asked_for) if last is not None]
    began_at = application.clock_began_at
    return korean_date(deadlines.processing_due_at(began_at, call.processing_days, table, waits, more=more))


def set_due(session: Session, application: Application) -> None:
    """Counts an application's due day from all that is known of it now, and keeps it."""
    more = clocks.days_more(clocks.extensions(session, application.id), since=application.reopened_at)
    application.due_on = count(application, observed(session, application), more=more)


def appeal(session: Session, application: Application, on: date) -> tuple[ActPeriod, date]:
    """How long one may appeal against what is notified on this day, and until when: the Act of the money decides."""
    act, periods = programmes.read(application.version).announcement.call.act, data.act_periods()
    until = deadlines.appeal_due_on(on, act, periods, observed(session, application))
    return deadlines.period_of(periods, act, "appeal", on), until


def note(
    session: Session, application: Application, action: str, text: str, *, by: Actor, at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Something on an application's history that leaves its status as it is, and that its owner reads too."""
    steps.write(
        session, LIFECYCLE.noun, application.id, action, by=by, at=at, note=text, details=details,
        source=application.status, target=application.status,
    )  # fmt: skip
