"""What platforms state about a month: how many orders, and their amount."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from portal.models.base import Key, Model, ref


class PlatformStatement(Model):
    """Append-only: of several about one month the last one counts. `source`: the statement's file, by its name."""

    __tablename__ = "platform_statement"
    __table_args__ = (
        CheckConstraint("orders >= 0 AND order_amount >= 0", name="figures"),
        Index("ix_platform_statement_month", "organisation_id", "period", "platform"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    platform: Mapped[str]
    period: Mapped[str]
    orders: Mapped[int]
    order_amount: Mapped[int]
    source: Mapped[str]
    entered_by: Mapped[int] = ref("account.id")
    entered_at: Mapped[datetime]
