"""The table of holidays of an organisation: a manager proposes a change, another confirms it, and open cases move.

A day that already stands in a letter to the applicant is not moved; decided cases never are.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain import holidays as rules
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, NotFound, Problem
from portal.domain.holidays import LIFECYCLE, ChangeKind, ProposeHoliday
from portal.domain.periods import document_date
from portal.models.holidays import HolidayChange
from portal.queries import clocks as running_clocks
from portal.queries import holidays
from portal.services import clocks, steps


def observed(session: Session, organisation_id: int) -> dict[date, str]:
    """Date -> name: the holidays by which this organisation counts."""
    return holidays.observed(session, data.holiday_names(), organisation_id)


def propose(session: Session, command: ProposeHoliday, *, by: Actor, at: datetime) -> HolidayChange:
    """Asks for a change; it counts once another manager confirms it. Raises Incomplete, AlreadyDone where one waits."""
    rules.check(command, observed(session, by.organisation_id or 0))
    change = HolidayChange(
        organisation_id=by.organisation_id,
        kind=command.kind,
        day=command.on,
        name=command.name.strip(),
        reason=command.reason.strip(),
        proposed_by=by.user_id,
        proposed_at=at,
    )
    try:
        steps.begin(session, change, LIFECYCLE, "propose", by=by, at=at)
    except IntegrityError as waits:
        raise AlreadyDone(problems=[Problem("holiday_change_waits", "on")]) from waits
    return change


def confirm(session: Session, change_id: int, *, by: Actor, at: datetime) -> HolidayChange:
    """The table changes, and with it the due days of open cases that nobody was told of yet. Raises SamePerson."""
    change = _held(session, change_id, by)
    change.decided_by, change.decided_at = by.user_id, at
    steps.take(session, change, LIFECYCLE, "confirm", by=by, at=at)
    change.moved = _move(session, change, by=by, at=at)
    return change


def refuse(session: Session, change_id: int, *, by: Actor, at: datetime) -> HolidayChange:
    """The table stays as it is."""
    change = _held(session, change_id, by)
    change.decided_by, change.decided_at = by.user_id, at
    steps.take(session, change, LIFECYCLE, "refuse", by=by, at=at)
    return change


def _move(session: Session, change: HolidayChange, *, by: Actor, at: datetime) -> int:
    """Counts every running clock of the organisation anew; the case's history says what moved it."""
    table = frozenset(observed(session, change.organisation_id))
    cases = running_clocks.running(session, change.organisation_id)
    ids = [case.id for case in cases]
    more, told = running_clocks.days_more_of(session, ids), running_clocks.told(session, ids)
    moved = 0
    for case in cases:
        due_on = clocks.count(case, table, more=more.get(case.id, 0))
        if case.due_on is None or due_on == case.due_on or case.due_on in told[case.id]:
            continue
        cause = change.name if change.kind is ChangeKind.ADD else f"{change.name or '쉬는 날'} 없어짐"
        note = f"{document_date(case.due_on)} → {document_date(due_on)} ({document_date(change.day)} {cause})"
        clocks.note(
            session, case, "move_due", note, by=by, at=at,
            details={"from": case.due_on.isoformat(), "to": due_on.isoformat(), "holiday_change": change.id},
        )  # fmt: skip
        case.due_on = due_on
        moved += 1
    session.flush()
    return moved


def _held(session: Session, change_id: int, by: Actor) -> HolidayChange:
    """One change of the official's organisation, locked until the transaction ends. Raises NotFound."""
    found = session.scalar(
        select(HolidayChange)
        .where(HolidayChange.id == change_id, HolidayChange.organisation_id == by.organisation_id)
        .with_for_update(of=HolidayChange, key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"holiday change {change_id}")
    return found
