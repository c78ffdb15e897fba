"""Deliveries of settlement data: one row per file taken in, its bytes and its lines kept by hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Key, Model, Trace, ref


class Delivery(Model):
    """`received_rows` = `accepted` + `refused`, with no third outcome (invariant I8)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("organisation_id", "platform", "period", "sha256"),
        CheckConstraint("accepted >= 0 AND refused >= 0 AND received_rows = accepted + refused", name="rows"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    platform: Mapped[str]
    period: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    received_rows: Mapped[int]
    accepted: Mapped[int]
    refused: Mapped[int]
    lines_sha256: Mapped[str | None]
    refused_sha256: Mapped[str | None]
    outcome: Mapped[Any] = mapped_column(Trace)
    delivered_by: Mapped[int] = ref("account.id")
    delivered_at: Mapped[datetime]
