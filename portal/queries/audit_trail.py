"""Looks the audit trail through for an auditor: what an organisation's people did, and how far the trail is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.models.accounts import Person, User
from portal.models.audit import AuditEvent
from portal.models.audit_seals import AuditSeal

PAGE = 50
SEALS = 10


@dataclass(frozen=True, slots=True)
class Done:
    """One event, and who it was."""

    id: int
    at: datetime
    noun: str
    record_id: int
    action: str
    source: str | None
    target: str | None
    note: str
    person: str
    title: str
    details: Any = None

    @property
    def acts_as(self) -> str:
        """As what the person acted in a merchant's place."""
        return (self.details or {}).get("acts_as", "")


@dataclass(frozen=True, slots=True)
class Page:
    """Events, the latest first; `earlier`: the id to go on from, None at the end."""

    rows: Sequence[Done]
    earlier: int | None


def page(session: Session, by: Actor, *, noun: str = "", before: int | None = None, size: int = PAGE) -> Page:
    """What people of the asker's organisation did, to records of one noun or of all."""
    query = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.noun,
            AuditEvent.record_id,
            AuditEvent.action,
            AuditEvent.source,
            AuditEvent.target,
            AuditEvent.note,
            Person.name,
            User.title,
            AuditEvent.details,
        )
        .join(User, User.id == AuditEvent.user_id)
        .join(Person, Person.id == AuditEvent.person_id)
        .where(User.organisation_id == by.organisation_id)
    )
    if noun:
        query = query.where(AuditEvent.noun == noun)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    found = [Done(*row) for row in session.execute(query.order_by(AuditEvent.id.desc()).limit(size + 1))]
    return Page(found[:size], found[size - 1].id if len(found) > size else None)


def seals(session: Session) -> Sequence[AuditSeal]:
    """The last seals of the whole portal's trail, the latest first."""
    return session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(SEALS)).all()
