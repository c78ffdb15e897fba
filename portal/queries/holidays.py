"""Looks up the table of holidays as an organisation keeps it: what is shipped, and its own changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain import holidays
from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.holidays import LIFECYCLE, ChangeStatus
from portal.models.accounts import Person, User
from portal.models.holidays import HolidayChange
from portal.queries import audit

SHOWN = 100


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change, who proposed it, and what the person asking may do with it."""

    change: HolidayChange
    proposer: str
    actions: Sequence[str]


def observed(session: Session, shipped: Mapping[date, str], organisation_id: int) -> dict[date, str]:
    """Date -> name: the holidays by which this organisation's days are counted."""
    found = session.execute(
        select(HolidayChange.kind, HolidayChange.day, HolidayChange.name)
        .where(HolidayChange.organisation_id == organisation_id, HolidayChange.status == ChangeStatus.IN_FORCE)
        .order_by(HolidayChange.decided_at, HolidayChange.id)
    )
    return holidays.observed(shipped, [(kind, day, name) for kind, day, name in found])


def changes(session: Session, by: Actor) -> list[ChangeRow]:
    """The organisation's changes, the newest first."""
    found = session.execute(
        select(HolidayChange, Person.name)
        .join(User, User.id == HolidayChange.proposed_by)
        .join(Person, Person.id == User.person_id)
        .where(HolidayChange.organisation_id == by.organisation_id)
        .order_by(HolidayChange.id.desc())
        .limit(SHOWN)
    ).all()
    return [
        ChangeRow(
            change,
            proposer,
            LIFECYCLE.actions(change.status, by, audit.done_by(session, LIFECYCLE.noun, change.id))
            if change.status is ChangeStatus.PROPOSED
            else (),
        )
        for change, proposer in found
    ]


def one(session: Session, change_id: int, by: Actor) -> HolidayChange:
    """One of the organisation's changes. Raises NotFound."""
    found = session.get(HolidayChange, change_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"holiday change {change_id}")
    return found
