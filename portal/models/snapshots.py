"""Answers of outside registers, each as it was at its moment; append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.snapshots import SnapshotAnswer, SnapshotKind
from portal.models.base import BigInt, Choice, Key, Model, one_of


class Snapshot(Model):
    """`about`: the business number, or the blind index of the account, that was asked about."""

    __tablename__ = "snapshot"
    __table_args__ = (
        CheckConstraint(one_of("kind", SnapshotKind), name="kind"),
        CheckConstraint(one_of("answer", SnapshotAnswer), name="answer"),
        Index("ix_snapshot_merchant_id_kind_asked_at", "merchant_id", "kind", "asked_at"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    merchant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("merchant.id"))
    kind: Mapped[SnapshotKind] = mapped_column(Choice(SnapshotKind))
    about: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[SnapshotAnswer] = mapped_column(Choice(SnapshotAnswer))
    closed_on: Mapped[date | None]
    raw_sha256: Mapped[str | None]
