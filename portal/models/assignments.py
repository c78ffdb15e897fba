"""How the charge of cases went from hand to hand; who has it now stands with the application (`reviewer_id`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.assignments import How
from portal.models.base import Choice, Key, Model, one_of, ref


class Assignment(Model):
    """Append-only. `account_id`: in charge from then on, None for nobody; `before_id`: until then; `run_id`: the bulk
    run that it was part of.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(one_of("how", How), name="how"),
        CheckConstraint("(account_id IS NULL) = (how IN ('given_back', 'reopened'))", name="officer"),
        CheckConstraint("account_id IS NULL OR before_id IS NULL OR account_id <> before_id", name="another"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id")
    account_id: Mapped[int | None] = ref("account.id", index=False)
    before_id: Mapped[int | None] = ref("account.id", index=False)
    how: Mapped[How] = mapped_column(Choice(How))
    reason: Mapped[str]
    run_id: Mapped[int | None] = ref("bulk_run.id")
    assigned_by: Mapped[int] = ref("account.id", index=False)
    assigned_at: Mapped[datetime]
