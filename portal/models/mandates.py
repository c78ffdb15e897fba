"""Mandates: who may act for which business in its merchant's place, by which paper and until when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.actors import Capacity
from portal.domain.mandates import MandateStatus
from portal.models.base import Choice, Key, Model, one_of, ref

_STANDS = text("status = 'active'")


class Mandate(Model):
    """`holder_id`: the account that acts; `office`: where an official enters, "" for agents; `until`: the last day.

    The paper (signed consent or 위임장) lies in the object store under `document_sha256`.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint(one_of("capacity", Capacity), name="capacity"),
        CheckConstraint(one_of("status", MandateStatus), name="status"),
        CheckConstraint("(capacity = 'consent') = (organisation_id IS NOT NULL)", name="office"),
        CheckConstraint("status = 'active' OR ended_at IS NOT NULL", name="ended"),
        # One person holds one living mandate for a business in one capacity.
        Index(
            "uq_mandate_standing", "merchant_id", "holder_id", "capacity", unique=True,
            sqlite_where=_STANDS, postgresql_where=_STANDS,
        ),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    merchant_id: Mapped[int] = ref("merchant.id", index=False)
    holder_id: Mapped[int] = ref("account.id")
    organisation_id: Mapped[int | None] = ref("organisation.id", index=False)
    capacity: Mapped[Capacity] = mapped_column(Choice(Capacity))
    status: Mapped[MandateStatus] = mapped_column(Choice(MandateStatus))
    office: Mapped[str]
    document_sha256: Mapped[str]
    document_name: Mapped[str]
    document_type: Mapped[str]
    until: Mapped[date]
    given_by: Mapped[int] = ref("account.id", index=False)
    given_at: Mapped[datetime]
    ended_by: Mapped[int | None] = ref("account.id", index=False)
    ended_at: Mapped[datetime | None]
