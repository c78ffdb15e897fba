"""Looks things up in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.lifecycle import persons_by_action
from portal.models.accounts import Person
from portal.models.audit import AuditEvent


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of a timeline."""

    at: datetime
    action: str
    source: str | None
    target: str | None
    person: str
    note: str
    acts_as: str = ""  # who acted in a merchant's place, and as what


def happening(event: AuditEvent, person: str) -> Happening:
    """One event as a timeline shows it."""
    as_what = (event.details or {}).get("acts_as", "")
    return Happening(event.at, event.action, event.source, event.target, person, event.note, as_what)


def done_by(session: Session, noun: str, record_id: int) -> dict[str, set[int]]:
    """Action -> ids of the persons who took it on this record."""
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.person_id)
        .where(AuditEvent.noun == noun, AuditEvent.record_id == record_id)
        .order_by(AuditEvent.id)
    )
    return persons_by_action((action, person_id) for action, person_id in rows)


def accounts_of(session: Session, noun: str, record_id: int, action: str) -> list[int]:
    """The accounts with which an action was taken on this record, the first one first."""
    query = select(AuditEvent.user_id).where(
        AuditEvent.noun == noun, AuditEvent.record_id == record_id, AuditEvent.action == action
    )
    return list(session.scalars(query.order_by(AuditEvent.id)))


def timeline(session: Session, noun: str, record_id: int) -> list[Happening]:
    """All that happened to a record, oldest first."""
    rows = session.execute(
        select(AuditEvent, Person.name)
        .join(Person, Person.id == AuditEvent.person_id)
        .where(AuditEvent.noun == noun, AuditEvent.record_id == record_id)
        .order_by(AuditEvent.id)
    )
    return [happening(event, name) for event, name in rows]


def nameless(happenings: Iterable[Happening]) -> list[Happening]:
    """The same without who did it, for a merchant whose place moved because of another's withdrawal."""
    return [replace(each, person="", note="") for each in happenings]
