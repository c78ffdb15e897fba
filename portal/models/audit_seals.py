"""Seals of the audit trail: how far its hash chain was computed, and to what; append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Key, Model


class AuditSeal(Model):
    """The chain after event `upto`, the `count`-th. `upto` is unique: two who seal at once seal once."""

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("count > 0 AND length(hash) = 64", name="head"), {"sqlite_strict": True})

    id: Mapped[Key]
    upto: Mapped[int] = mapped_column(unique=True)
    count: Mapped[int]
    hash: Mapped[str]
    sealed_at: Mapped[datetime]
