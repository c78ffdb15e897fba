"""Changes of the table of holidays, as an organisation keeps them beside the shipped table."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.holidays import ChangeKind, ChangeStatus
from portal.models.base import Choice, Key, Model, one_of, ref

_WAITS = text("status = 'proposed'")


class HolidayChange(Model):
    """A day that becomes a holiday or ceases to be one. `moved`: how many open cases got another due day by it."""

    __tablename__ = "holiday_change"
    __table_args__ = (
        CheckConstraint(one_of("kind", ChangeKind), name="kind"),
        CheckConstraint(one_of("status", ChangeStatus), name="status"),
        CheckConstraint("status = 'proposed' OR decided_at IS NOT NULL", name="decided"),
        Index("ix_holiday_change_organisation_id_status", "organisation_id", "status"),
        Index(
            "uq_holiday_change_waits",
            "organisation_id",
            "day",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    kind: Mapped[ChangeKind] = mapped_column(Choice(ChangeKind))
    day: Mapped[date]
    name: Mapped[str]
    reason: Mapped[str]
    status: Mapped[ChangeStatus] = mapped_column(Choice(ChangeStatus))
    moved: Mapped[int] = mapped_column(default=0)
    proposed_by: Mapped[int] = ref("account.id", index=False)
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
