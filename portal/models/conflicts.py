"""Decisions about orders of which two deliveries say different things."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Key, Model, ref


class ConflictDecision(Model):
    """Append-only. `latest` is the receipt that counted when it was decided, `chosen` the one found right, `counts` the
    one that counts from then on: the latest itself, or that of `delivery_id`, which states the chosen one again.
    """

    __tablename__ = "conflict_decision"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id", "platform", "period", "order_no", "latest", name="uq_conflict_decision_latest"
        ),
        CheckConstraint("chosen <= latest AND latest <= counts", name="receipts"),
        CheckConstraint("(delivery_id IS NULL) = (chosen = latest)", name="restated"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    platform: Mapped[str]
    period: Mapped[str]
    order_no: Mapped[str]
    latest: Mapped[int]
    chosen: Mapped[int]
    counts: Mapped[int]
    delivery_id: Mapped[int | None] = ref("delivery.id")
    reason: Mapped[str]
    decided_by: Mapped[int] = ref("account.id")
    decided_at: Mapped[datetime]
