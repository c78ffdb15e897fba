"""The audit trail: who did what to which record, append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import BigInt, Key, Model, Trace


class AuditEvent(Model):
    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_noun_record_id_id", "noun", "record_id", "id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    noun: Mapped[str]
    record_id: Mapped[int]
    action: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str | None]
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"))
    at: Mapped[datetime]
    note: Mapped[str]
    details: Mapped[Any | None] = mapped_column(Trace)
