"""Amount bands of organisations, and the approvals given: by whom, for what content, in whose place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.approvals import BandStatus, Matter
from portal.models.accounts import User
from portal.models.base import Choice, Flag, Key, Model, one_of, ref

_COUNTS = text("withdrawn_at IS NULL")


class ApprovalBand(Model):
    """Who may approve `matter` up to `up_to` won (NULL: without limit): one account, or all officials of a `title`."""

    __tablename__ = "approval_band"
    __table_args__ = (
        CheckConstraint(one_of("matter", Matter), name="matter"),
        CheckConstraint(one_of("status", BandStatus), name="status"),
        CheckConstraint("up_to IS NULL OR up_to > 0", name="up_to"),
        CheckConstraint("(account_id IS NULL) = (title <> '')", name="whose"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        Index("ix_approval_band_organisation_id_matter_status", "organisation_id", "matter", "status"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    matter: Mapped[Matter] = mapped_column(Choice(Matter))
    up_to: Mapped[int | None]
    title: Mapped[str]
    account_id: Mapped[int | None] = ref("account.id")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    status: Mapped[BandStatus] = mapped_column(Choice(BandStatus))
    proposed_by: Mapped[int] = ref("account.id", index=False)
    proposed_at: Mapped[datetime]

    account: Mapped[User | None] = relationship(foreign_keys=[account_id])


class Approval(Model):
    """One approval of a decision (record: its application), a claim or a payment run, and what it was given for.

    It counts until `withdrawn_at`, and only while the record still hashes to `content_sha256`. `delegated`: by a band
    (전결); `stands_for`: whose place the signer took (대결), who acknowledges it later (후열).
    """

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(one_of("matter", Matter), name="matter"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("acknowledged_at IS NULL OR stands_for IS NOT NULL", name="acknowledged"),
        Index("uq_approval_counts", "matter", "record_id", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index("ix_approval_stands_for", "stands_for"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    matter: Mapped[Matter] = mapped_column(Choice(Matter))
    record_id: Mapped[int]
    amount: Mapped[int]
    content_sha256: Mapped[str]
    band_id: Mapped[int | None] = ref("approval_band.id", index=False)
    delegated: Mapped[bool] = mapped_column(Flag)
    signed_by: Mapped[int] = ref("account.id", index=False)
    signed_at: Mapped[datetime]
    stands_for: Mapped[int | None] = ref("account.id", index=False)
    acknowledged_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
