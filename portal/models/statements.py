"""What platforms state about their months, by programs or on paper; of several about one month the last counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import BigInt, Key, Model, Trace, ref


class PlatformStatement(Model):
    """Append-only. `totals`: won and orders by name (domain.statements.FIGURES); `source`: the statement's file, by its
    name, or BY_PROGRAM."""

    __tablename__ = "platform_statement"
    __table_args__ = (
        Index("ix_platform_statement_organisation_id_platform_period", "organisation_id", "platform", "period"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("organisation.id"))
    platform: Mapped[str]
    period: Mapped[str]
    totals: Mapped[Any] = mapped_column(Trace)
    source: Mapped[str]
    stated_by: Mapped[int] = ref("account.id")
    stated_at: Mapped[datetime]
