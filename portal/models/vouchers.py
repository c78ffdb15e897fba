"""Vouchers and the documents they rest on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.vouchers import CORRECTIONS, VoucherKind, VoucherStatus
from portal.models.accounts import User
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref
from portal.models.ledger import BudgetLine

_WAITS = text("status = 'drafted'")


class Voucher(Model):
    """`amount` won of `line`; `to_line` receives a transfer; `corrects_id`: the entry that a correction names.

    `says`: all of that in one text. The same waits once: a draft whose answer was lost and that is sent again is found.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint(one_of("kind", VoucherKind), name="kind"),
        CheckConstraint(one_of("status", VoucherStatus), name="status"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(kind = 'transfer') = (to_line_id IS NOT NULL)", name="transfer"),
        CheckConstraint("to_line_id IS NULL OR to_line_id <> line_id", name="lines"),
        CheckConstraint(f"({one_of('kind', CORRECTIONS)}) = (corrects_id IS NOT NULL)", name="corrects"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_voucher_organisation_id_id", "organisation_id", "id"),
        Index(
            "uq_voucher_waiting", "organisation_id", "says", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS
        ),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("organisation.id"))
    kind: Mapped[VoucherKind] = mapped_column(Choice(VoucherKind))
    status: Mapped[VoucherStatus] = mapped_column(Choice(VoucherStatus))
    line_id: Mapped[int] = ref("budget_line.id")
    to_line_id: Mapped[int | None] = ref("budget_line.id")
    amount: Mapped[int]
    corrects_id: Mapped[int | None] = ref("ledger_entry.id")
    reason: Mapped[str]
    says: Mapped[str] = mapped_column(server_default="")
    drafted_by: Mapped[int] = ref("account.id")
    drafted_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]

    line: Mapped[BudgetLine] = relationship(foreign_keys=[line_id], lazy="joined", innerjoin=True)
    to_line: Mapped[BudgetLine | None] = relationship(foreign_keys=[to_line_id], lazy="joined")
    drafter: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    documents: Mapped[list[VoucherDocument]] = relationship(order_by="VoucherDocument.id")


class VoucherDocument(Model):
    """The bytes lie in the store of evidence under `sha256`."""

    __tablename__ = "voucher_document"
    __table_args__ = (CheckConstraint("size > 0", name="size"), {"sqlite_strict": True})

    id: Mapped[Key]
    voucher_id: Mapped[int] = ref("voucher.id")
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
