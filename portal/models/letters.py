"""Letters as issued: number, stored bytes by hash, and the code by which anyone can verify one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.letters import LetterKind
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref


class Letter(Model):
    """`document_number` is unique within the organisation's `year`; `recipient` is the trade name as printed."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint(one_of("kind", LetterKind), name="kind"),
        UniqueConstraint("organisation_id", "year", "document_number"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    kind: Mapped[LetterKind] = mapped_column(Choice(LetterKind))
    organisation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("organisation.id"))
    year: Mapped[int]
    document_number: Mapped[str]
    merchant_id: Mapped[int] = ref("merchant.id")
    application_id: Mapped[int | None] = ref("application.id")
    title: Mapped[str]
    recipient: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    verification_code: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]


class DocumentSeries(Model):
    """The yearly series of document numbers of one organisation (공공기록물법 시행령 제20조)."""

    __tablename__ = "document_series"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number"), {"sqlite_strict": True})

    organisation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]
