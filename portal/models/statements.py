"""What platforms state about their months; a later statement stands beside the earlier ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import BigInt, Key, Model, Trace, ref


class PlatformStatement(Model):
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
    stated_by: Mapped[int] = ref("account.id")
    stated_at: Mapped[datetime]
