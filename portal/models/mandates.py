"""Mandates: who may act for which business in its merchant's place, by which paper and until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.actors import Capacity
from portal.domain.mandates import MandateStatus
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref

if TYPE_CHECKING:  # which knows accounts, and they know mandates
    from portal.models.programmes import Programme

# A consent is for its programmes: one person may hold several for a business, each for others.
_STANDS = text("status = 'active' AND capacity <> 'consent'")


class Mandate(Model):
    """`holder_id`: the account that acts; `office`: where an official enters, "" for agents; `until`: the last day.

    The paper (signed consent or 위임장) lies in the object store under `document_sha256`. `programmes`: those that a
    consent names; of an agent's there are none, who acts for all of the business.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint(one_of("capacity", Capacity), name="capacity"),
        CheckConstraint(one_of("status", MandateStatus), name="status"),
        CheckConstraint("(capacity = 'consent') = (organisation_id IS NOT NULL)", name="office"),
        CheckConstraint("status = 'active' OR ended_at IS NOT NULL", name="ended"),
        # One person holds one living mandate for a business as its agent, and one for its association.
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

    programmes: Mapped[list[Programme]] = relationship(secondary="mandate_programme", order_by="Programme.id")


class MandateProgramme(Model):
    """A programme that a consent is for."""

    __tablename__ = "mandate_programme"
    __table_args__ = ({"sqlite_strict": True},)

    mandate_id: Mapped[int] = mapped_column(BigInt, ForeignKey("mandate.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"), primary_key=True)
