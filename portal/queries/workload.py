"""Who has how much on the desk: open cases by officer and state, what is late or due soon, and the oldest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.assignments import OPEN_CASES
from portal.models.accounts import Person, User
from portal.models.applications import Application
from portal.queries import absences, assignments, work_filters


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one officer, or of nobody (`account_id` None). `stand_in`: who takes their place today, where
    they are away; `reviews`: whether they can be given cases.
    """

    account_id: int | None
    name: str
    by_status: Mapping[ApplicationStatus, int]
    overdue: int = 0
    due_soon: int = 0
    answer_late: int = 0
    oldest: datetime | None = None
    away: bool = False
    stand_in: str = ""
    reviews: bool = True

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class Team:
    """`unassigned` first of all: what is nobody's; then one load for each officer, then everything together."""

    unassigned: Load
    officers: Sequence[Load]
    total: Load


def team(session: Session, by: Actor, *, on: date, soon: date) -> Team:
    """The desk of the whole office, in a constant number of statements."""
    rows = session.execute(
        work_filters.of_office(
            select(
                Application.reviewer_id,
                Person.name,
                Application.status,
                func.count(),
                func.count().filter(work_filters.late(on)),
                func.count().filter(work_filters.due_soon(on, soon)),
                func.count().filter(work_filters.answer_late(on)),
                func.min(Application.submitted_at),
            )
            .outerjoin(User, User.id == Application.reviewer_id)
            .outerjoin(Person, Person.id == User.person_id),
            by,
        )
        .where(Application.status.in_(OPEN_CASES))
        .group_by(Application.reviewer_id, Person.name, Application.status)
    ).all()
    known = assignments.officers(session, by, on=on)
    stand_ins = {each.account.person_id: each.stand_in.person.name for each in _away(session, by, on)}
    names = {officer.account_id: officer.name for officer in known}
    others = {row[0]: row[1] for row in rows if row[0] is not None and row[0] not in names}
    loads = [
        _load(officer.account_id, officer.name, rows, officer.away, stand_ins.get(officer.person_id, ""))
        for officer in known
    ]
    loads += [_load(account_id, name, rows, reviews=False) for account_id, name in sorted(others.items())]
    everything = _together([_load(None, "", rows), *loads])
    return Team(_load(None, "", rows), loads, everything)


def _away(session: Session, by: Actor, on: date) -> Sequence[Any]:
    return absences.on_day(session, by.organisation_id or 0, on)


def _load(
    account_id: int | None, name: str, rows: Sequence[Any], away: bool = False, stand_in: str = "", reviews: bool = True
) -> Load:
    mine = [row for row in rows if row[0] == account_id]
    by_status = {row[2]: row[3] for row in mine}
    late, soon, answers = (sum(row[column] for row in mine) for column in (4, 5, 6))
    oldest = min((row[7] for row in mine if row[7]), default=None)
    return Load(account_id, name, by_status, late, soon, answers, oldest, away, stand_in, reviews)


def _together(loads: Sequence[Load]) -> Load:
    by_status = {status: sum(load.by_status.get(status, 0) for load in loads) for status in OPEN_CASES}
    oldest = min((load.oldest for load in loads if load.oldest), default=None)
    late, soon = sum(load.overdue for load in loads), sum(load.due_soon for load in loads)
    return Load(None, "", by_status, late, soon, sum(load.answer_late for load in loads), oldest)
