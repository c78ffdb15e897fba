"""What platforms said last of the stores in their settlement data, to find out whose an unlinked store is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Key, Model, ref


class PlatformStore(Model):
    """One row a store, kept up to date. `delivery_id`: the delivery that told of it last, none if a program did."""

    __tablename__ = "platform_store"
    __table_args__ = (
        UniqueConstraint("organisation_id", "platform", "store_id"),
        Index("ix_platform_store_business_number", "business_number"),
        CheckConstraint("length(business_number) IN (0, 10)", name="business_number"),
        CheckConstraint("name <> '' OR business_number <> '' OR address <> ''", name="told"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    platform: Mapped[str]
    store_id: Mapped[str]
    name: Mapped[str]
    business_number: Mapped[str]
    address: Mapped[str]
    delivery_id: Mapped[int | None] = ref("delivery.id")
    told_at: Mapped[datetime]
