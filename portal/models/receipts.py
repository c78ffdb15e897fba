"""Receipts: one row per file that came in to be read, until it is a delivery or somebody has looked at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.receipts import ReceiptStatus
from portal.models.accounts import User
from portal.models.base import Choice, Encrypted, Key, Model, Trace, one_of, ref


class Receipt(Model):
    """`sha256` names the bytes among the deliveries' files. `password` opens a protected workbook and is kept,
    encrypted, only until the file was read. `refusal`: why it could not be taken in (domain/receipts.py)."""

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint(one_of("status", ReceiptStatus), name="status"),
        CheckConstraint("(status = 'stored') = (delivery_id IS NOT NULL)", name="stored"),
        CheckConstraint("status <> 'refused' OR refusal IS NOT NULL", name="refused"),
        CheckConstraint("password IS NULL OR status = 'received'", name="password"),
        Index("ix_receipt_organisation_id_status", "organisation_id", "status"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    platform: Mapped[str]
    period: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    password: Mapped[str | None] = mapped_column(Encrypted("receipt.password"))
    status: Mapped[ReceiptStatus] = mapped_column(Choice(ReceiptStatus))
    delivery_id: Mapped[int | None] = ref("delivery.id")
    refusal: Mapped[Any | None] = mapped_column(Trace)
    received_by: Mapped[int] = ref("account.id")
    received_at: Mapped[datetime]

    receiver: Mapped[User] = relationship(lazy="joined", innerjoin=True)
