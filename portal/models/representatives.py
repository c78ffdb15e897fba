"""Representatives of a business by person, joint or entered by proxy, and whose signature stands on an application."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import BigInt, Encrypted, Key, Model, ref

_STILL = text("removed_at IS NULL")


class Representative(Model):
    """One of them. `born_on`: ISO date, encrypted; `identity_index`: the same for one person in every business."""

    __tablename__ = "representative"
    __table_args__ = (
        Index(
            "uq_representative_still", "merchant_id", "identity_index", unique=True,
            sqlite_where=_STILL, postgresql_where=_STILL,
        ),
        Index("ix_representative_identity_index", "identity_index"),
        Index("ix_representative_name", "name"),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    merchant_id: Mapped[int] = ref("merchant.id", index=False)
    name: Mapped[str]
    born_on: Mapped[str] = mapped_column(Encrypted("representative.born_on"))
    identity_index: Mapped[str]
    added_by: Mapped[int] = ref("account.id", index=False)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    @property
    def birthday(self) -> date:
        return date.fromisoformat(self.born_on)


class ApplicationSignature(Model):
    """A representative signed this application; `marked_by`: the account that says so."""

    __tablename__ = "application_signature"
    __table_args__ = ({"sqlite_strict": True},)

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    representative_id: Mapped[int] = mapped_column(BigInt, ForeignKey("representative.id"), primary_key=True)
    marked_by: Mapped[int] = ref("account.id", index=False)
    signed_at: Mapped[datetime]
