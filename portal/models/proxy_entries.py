"""Entries by proxy that wait for a second official's look, and what they state otherwise than the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.proxy_entries import EntryStatus, Ground
from portal.models.base import Choice, Encrypted, Key, Model, one_of, ref
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant

_WAITS = text("status = 'waiting'")


class ProxyEntry(Model):
    """`first_seen`: the business had no record before, so that what is stated of it is its record. `ground`: why it
    was refused. Of an association's member `mandate` is the association's, `organisation_id` the office that decides.
    """

    __tablename__ = "proxy_entry"
    __table_args__ = (
        CheckConstraint(one_of("status", EntryStatus), name="status"),
        CheckConstraint("status NOT IN ('confirmed', 'refused') OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("status <> 'refused' OR (refusal <> '' AND ground IS NOT NULL)", name="refusal"),
        CheckConstraint(f"ground IS NULL OR {one_of('ground', Ground)}", name="ground"),
        CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", name="apart"),
        UniqueConstraint("mandate_id"),
        Index("ix_proxy_entry_waiting", "organisation_id", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    mandate_id: Mapped[int] = ref("mandate.id", index=False)
    merchant_id: Mapped[int] = ref("merchant.id")
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    status: Mapped[EntryStatus] = mapped_column(Choice(EntryStatus))
    first_seen: Mapped[bool]
    entered_by: Mapped[int] = ref("account.id", index=False)
    entered_at: Mapped[datetime]
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(default="")
    ground: Mapped[Ground | None] = mapped_column(Choice(Ground))

    mandate: Mapped[Mandate] = relationship(lazy="joined", innerjoin=True)
    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
    differences: Mapped[list[ProxyDifference]] = relationship(order_by="ProxyDifference.id", lazy="selectin")


class ProxyDifference(Model):
    """One field that an entry states and the record does not. `added`: nothing stood there, so it was written at once;
    a refusal takes it away again.
    """

    __tablename__ = "proxy_difference"
    __table_args__ = (UniqueConstraint("entry_id", "field"), {"sqlite_strict": True})

    id: Mapped[Key]
    entry_id: Mapped[int] = ref("proxy_entry.id", index=False)
    field: Mapped[str]
    stated: Mapped[str] = mapped_column(Encrypted("proxy_difference.stated"))
    added: Mapped[bool]
