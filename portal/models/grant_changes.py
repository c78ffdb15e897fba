"""Changes of grants, each with the amount before and after."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.grant_changes import GrantChangeStatus
from portal.models.base import Choice, Key, Model, one_of, ref

_OPEN = text("status = 'proposed'")


class GrantChange(Model):
    """`upto`: the last ledger entry of its approval; what was released by then is no part of the grant any more."""

    __tablename__ = "grant_change"
    __table_args__ = (
        CheckConstraint(one_of("status", GrantChangeStatus), name="status"),
        CheckConstraint("amount > 0 AND amount_before >= 0", name="amounts"),
        CheckConstraint("status <> 'approved' OR upto IS NOT NULL", name="upto"),
        CheckConstraint("status = 'proposed' OR decided_at IS NOT NULL", name="decided"),
        Index("uq_grant_change_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id")
    status: Mapped[GrantChangeStatus] = mapped_column(Choice(GrantChangeStatus))
    amount_before: Mapped[int]
    amount: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str]
    proposed_by: Mapped[int] = ref("account.id", index=False)
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
    upto: Mapped[int | None]
