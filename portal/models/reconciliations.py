"""What each run of all checks found; append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Key, Model, Trace


class Reconciliation(Model):
    """`checks`: code, name and the first broken rows of each, read back whole."""

    __tablename__ = "reconciliation"
    __table_args__ = (CheckConstraint("milliseconds >= 0 AND broken >= 0", name="counts"), {"sqlite_strict": True})

    id: Mapped[Key]
    started_at: Mapped[datetime]
    milliseconds: Mapped[int]
    broken: Mapped[int]
    checks: Mapped[Any] = mapped_column(Trace)
