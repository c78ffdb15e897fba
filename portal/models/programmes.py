"""Programmes and their immutable published versions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.programmes import VersionStatus
from portal.models.accounts import Organisation
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref


class Programme(Model):
    __tablename__ = "programme"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    versions: Mapped[list[ProgrammeVersion]] = relationship(order_by="ProgrammeVersion.number")


class ProgrammeVersion(Model):
    """The whole TOML as published; decisions and claims point at the version they were made under.

    `effective_from`: its first day, a Korean date; None until somebody published it, and in old records.
    """

    __tablename__ = "programme_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint(one_of("status", VersionStatus), name="status"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"))
    number: Mapped[int]
    text: Mapped[str]
    content_hash: Mapped[str]
    status: Mapped[VersionStatus] = mapped_column(Choice(VersionStatus))
    proposed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    effective_from: Mapped[date | None]

    programme: Mapped[Programme] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
