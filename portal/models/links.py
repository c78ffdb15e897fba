"""Links between merchants and their stores at partner platforms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.links import LinkStatus
from portal.models.base import Choice, Key, Model, one_of, ref
from portal.models.merchants import Merchant

_OPEN = text("status = 'confirmed' AND valid_to IS NULL")


class PlatformLink(Model):
    __tablename__ = "platform_link"
    __table_args__ = (
        CheckConstraint(one_of("status", LinkStatus), name="status"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_platform_link_platform_store_id", "platform", "store_id"),
        # A store belongs to one merchant at a time; past periods are compared by the service.
        Index("uq_platform_link_open", "platform", "store_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    merchant_id: Mapped[int] = ref("merchant.id")
    platform: Mapped[str]
    store_id: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    status: Mapped[LinkStatus] = mapped_column(Choice(LinkStatus))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
