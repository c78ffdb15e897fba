"""The one door for status: checks the lifecycle row, sets the status, appends the audit event, and tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.lifecycle import Lifecycle
from portal.models.audit import AuditEvent
from portal.queries import audit
from portal.services import notifications


class HasStatus(Protocol):
    id: Any
    status: Any


def take(
    session: Session,
    record: HasStatus,
    lifecycle: Lifecycle,
    action: str,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Moves `record` along one row. Raises InvalidTransition, NotPermitted or SamePerson; never commits."""
    step = lifecycle.step(record.status, action)
    lifecycle.check(step, by, audit.done_by(session, lifecycle.noun, record.id) if step.apart_from else {})
    record.status = step.target
    write(session, lifecycle.noun, record.id, action, by=by, at=at, note=note, details=details,
          source=step.source, target=step.target)  # fmt: skip


def begin(session: Session, record: HasStatus, lifecycle: Lifecycle, action: str, *, by: Actor, at: datetime) -> None:
    """Puts a new record into the lifecycle's first status and says who did it. The record gets its id here."""
    record.status = lifecycle.initial
    session.add(record)
    session.flush()
    write(session, lifecycle.noun, record.id, action, by=by, at=at, target=lifecycle.initial)


def write(
    session: Session,
    noun: str,
    record_id: int,
    action: str,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    details: Mapping[str, Any] | None = None,
    source: str | None = None,
    target: str | None = None,
) -> None:
    """Appends an audit event, also of what is no status change, and tells of it whom it concerns."""
    session.add(
        AuditEvent(
            noun=noun,
            record_id=record_id,
            action=action,
            source=source,
            target=target,
            user_id=by.user_id,
            person_id=by.person_id,
            at=at,
            note=note,
            details={**(details or {}), **_in_whose_place(by)} or None,
        )
    )
    session.flush()
    notifications.tell(session, noun, record_id, action, by=by, at=at)


def _in_whose_place(by: Actor) -> dict[str, Any]:
    """What the trail says of an act that somebody did for a merchant: as what, and by which mandate."""
    if by.acts_for is None:
        return {}
    return {"acts_as": by.acts_for.capacity.value, "mandate": by.acts_for.mandate_id}
