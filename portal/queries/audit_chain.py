"""Reads the audit trail in the order of its hash chain, and how far it is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.domain.audit_chain import BEGINNING, Head, differences
from portal.models.audit import AuditEvent
from portal.models.audit_seals import AuditSeal

_AT_ONCE = 5_000
_COLUMNS = tuple(AuditEvent.__table__.columns)
# Who may still be about to commit an event: whoever has written to the table and not ended.
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'audit_event'::regclass"
    " AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def last_event(session: Session) -> int:
    return session.scalar(select(func.max(AuditEvent.id))) or 0


def writers(session: Session) -> frozenset[str]:
    """The transactions that have written events and not ended; on SQLite there is never one beside ours."""
    if session.get_bind().dialect.name != "postgresql":
        return frozenset()
    return frozenset(session.scalars(_WRITERS))


def sealed(session: Session) -> Head:
    """The last seal's head; the beginning where there is none."""
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    return BEGINNING if last is None else Head(last.upto, last.count, last.hash)


def seals(session: Session) -> list[Head]:
    rows = session.execute(select(AuditSeal.upto, AuditSeal.count, AuditSeal.hash).order_by(AuditSeal.id))
    return [Head(*row) for row in rows]


def events(session: Session, *, after: int | None = None, upto: int | None = None) -> Iterator[Sequence[Any]]:
    """The events in the order of their ids, whatever those are, some thousands at a time."""
    while True:
        query = select(*_COLUMNS).order_by(AuditEvent.id).limit(_AT_ONCE)
        if after is not None:
            query = query.where(AuditEvent.id > after)
        if upto is not None:
            query = query.where(AuditEvent.id <= upto)
        rows = session.execute(query).all()
        yield from (tuple(row) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


def verify(session: Session, anchors: Sequence[Head] = ()) -> Iterator[str]:
    """Everything in which the trail differs from its seals, and from what was written down outside."""
    return differences(events(session), seals(session), anchors)
