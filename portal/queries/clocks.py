"""Looks up what moves the day of an answer: waits for supplements, extensions, what applicants were told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus
from portal.domain.deadline_counting import Counting, Pause, count
from portal.domain.errors import Refusal
from portal.domain.extensions import ExtensionStatus, next_number
from portal.domain.periods import korean_date
from portal.models.applications import Application, Supplement
from portal.models.clocks import ProcessingExtension, StatusNotice, SupplementExtension
from portal.models.programmes import Programme
from portal.queries import programmes

S = ApplicationStatus
OFFICES_TURN = (S.SUBMITTED, S.IN_REVIEW, S.RECOMMENDED)
UNDECIDED = (*OFFICES_TURN, S.SUPPLEMENT_REQUESTED)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the day of an answer came about. `told`: today's holidays would give another day, but this one stands in a
    letter; `next_extension`: 1 or 2, 0 where this person cannot extend it now.
    """

    counting: Counting
    due_on: date | None
    told: bool
    extensions: Sequence[ProcessingExtension]
    more_time: Mapping[int, Sequence[SupplementExtension]]
    next_extension: int

    @property
    def asked(self) -> ProcessingExtension | None:
        """The extension that waits for the applicant's consent."""
        return next((each for each in self.extensions if each.status is ExtensionStatus.ASKED), None)


def of(session: Session, application: Application, holidays: Mapping[date, str], by: Actor, *, on: date) -> Clock:
    """The clock of one application that was handed in."""
    call, found = programmes.read(application.version).announcement.call, application.extensions
    counting = count(
        application.clock_began_at,
        call.processing_days,
        holidays,
        waits(application.asked_for),
        more=days_more(found, since=application.reopened_at),
    )
    return Clock(
        counting=counting,
        due_on=application.due_on,
        told=_differs(counting, application) and application.due_on in told(session, [application.id])[application.id],
        extensions=found,
        more_time=more_time(session, application),
        next_extension=_next(application, found, by, on),
    )


def waits(supplements: Sequence[Supplement]) -> list[Pause]:
    """From the day each supplement was asked for to the day it arrived, both included; no end while one waits."""
    return [
        (korean_date(asked.requested_at), korean_date(asked.answered_at) if asked.answered_at else None)
        for asked in supplements
    ]


def extensions(session: Session, application_id: int) -> Sequence[ProcessingExtension]:
    """All that was asked for, in that order; also what was declined."""
    return session.scalars(
        select(ProcessingExtension)
        .where(ProcessingExtension.application_id == application_id)
        .order_by(ProcessingExtension.id)
    ).all()


def days_more(found: Sequence[ProcessingExtension], *, since: datetime | None) -> int:
    """Days by which the period is extended by now; what was extended before the case was reopened is over."""
    in_force = [each for each in found if each.status is ExtensionStatus.IN_FORCE]
    return sum(each.days for each in in_force if since is None or each.asked_at >= since)


def waiting_for_consent(session: Session, application_id: int) -> ProcessingExtension | None:
    """The extension to which the applicant has not said yes or no yet."""
    return next((each for each in extensions(session, application_id) if each.status is ExtensionStatus.ASKED), None)


def more_time(session: Session, application: Application) -> dict[int, list[SupplementExtension]]:
    """Supplement id -> the extensions of its time, in order."""
    found: dict[int, list[SupplementExtension]] = defaultdict(list)
    if application.supplements:
        ids = [asked.id for asked in application.supplements]
        query = select(SupplementExtension).where(SupplementExtension.supplement_id.in_(ids))
        for each in session.scalars(query.order_by(SupplementExtension.id)):
            found[each.supplement_id].append(each)
    return found


def told(session: Session, application_ids: Collection[int]) -> dict[int, set[date]]:
    """Application id -> the days for an answer that stand in letters to the applicant."""
    found: dict[int, set[date]] = defaultdict(set)
    for table in (ProcessingExtension, StatusNotice):
        rows = session.execute(
            select(table.application_id, table.due_on).where(
                table.application_id.in_(application_ids), table.due_on.is_not(None)
            )
        )
        for application_id, due_on in rows:
            if due_on is not None:
                found[application_id].add(due_on)
    return found


def running(session: Session, organisation_id: int) -> Sequence[Application]:
    """The cases of an organisation whose clock runs, locked in order of id until the transaction ends."""
    return session.scalars(
        select(Application)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.organisation_id == organisation_id, Application.status.in_(OFFICES_TURN))
        .order_by(Application.id)
        .options(selectinload(Application.supplements))
        .with_for_update(of=Application, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def days_more_of(session: Session, application_ids: Collection[int]) -> dict[int, int]:
    """Application id -> days by which its period is extended."""
    rows = session.execute(
        select(ProcessingExtension.application_id, func.sum(ProcessingExtension.days))
        .join(Application, Application.id == ProcessingExtension.application_id)
        .where(
            ProcessingExtension.application_id.in_(application_ids),
            ProcessingExtension.status == ExtensionStatus.IN_FORCE,
            Application.reopened_at.is_(None) | (ProcessingExtension.asked_at >= Application.reopened_at),
        )
        .group_by(ProcessingExtension.application_id)
    )
    return {application_id: int(days) for application_id, days in rows}


def _differs(counting: Counting, application: Application) -> bool:
    return counting.due_at is not None and korean_date(counting.due_at) != application.due_on


def _next(application: Application, found: Sequence[ProcessingExtension], by: Actor, on: date) -> int:
    if application.status not in OFFICES_TURN or application.due_on is None or not by.has(Role.REVIEWER):
        return 0
    in_force = sum(each.status is ExtensionStatus.IN_FORCE for each in found)
    asked = any(each.status is ExtensionStatus.ASKED for each in found)
    try:
        return next_number(in_force, asked, application.due_on, on)
    except Refusal:
        return 0
