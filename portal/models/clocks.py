"""What moves the day by which the office answers, and what applicants were told of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.extensions import ExtensionStatus
from portal.models.base import Choice, Key, Model, one_of, ref

_STANDS = text("status <> 'declined'")


class ProcessingExtension(Model):
    """One extension of the processing period: the first of the office's own accord, the second only as agreed to.

    `due_on`: the day that the applicant was told, once it is in force.
    """

    __tablename__ = "processing_extension"
    __table_args__ = (
        CheckConstraint(one_of("status", ExtensionStatus), name="status"),
        CheckConstraint("number IN (1, 2)", name="number"),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("status <> 'in_force' OR due_on IS NOT NULL", name="due_on"),
        CheckConstraint("status <> 'in_force' OR number = 1 OR answered_by IS NOT NULL", name="consent"),
        Index(
            "uq_processing_extension_number",
            "application_id",
            "number",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id")
    number: Mapped[int]
    status: Mapped[ExtensionStatus] = mapped_column(Choice(ExtensionStatus))
    days: Mapped[int]
    reason: Mapped[str]
    due_before: Mapped[date]
    due_on: Mapped[date | None]
    asked_by: Mapped[int] = ref("account.id", index=False)
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = ref("account.id", index=False)
    answered_at: Mapped[datetime | None]


class SupplementExtension(Model):
    """More time for a supplement, as its applicant asked for it."""

    __tablename__ = "supplement_extension"
    __table_args__ = (
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("due_on > due_before", name="later"),
        UniqueConstraint("supplement_id", "number"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    supplement_id: Mapped[int] = ref("supplement.id", index=False)
    number: Mapped[int]
    days: Mapped[int]
    reason: Mapped[str]
    due_before: Mapped[date]
    due_on: Mapped[date]
    asked_by: Mapped[int] = ref("account.id", index=False)
    asked_at: Mapped[datetime]


class StatusNotice(Model):
    """The n-th notice of how a long case stands, with the day for the answer that it names."""

    __tablename__ = "status_notice"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        UniqueConstraint("application_id", "number"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id", index=False)
    number: Mapped[int]
    letter_id: Mapped[int] = ref("letter.id", index=False)
    due_on: Mapped[date | None]
    sent_at: Mapped[datetime]
