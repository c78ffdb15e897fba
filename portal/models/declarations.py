"""What officials declared of their interest in a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Flag, Key, Model, ref


class InterestDeclaration(Model):
    """Append-only: one row for each time a person said something of a case; whoever once had an interest has it."""

    __tablename__ = "interest_declaration"
    __table_args__ = (
        CheckConstraint("has_interest = (reason <> '')", name="reason"),
        Index("ix_interest_declaration_application_id_person_id", "application_id", "person_id"),
        Index("ix_interest_declaration_person_id", "person_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id", index=False)
    account_id: Mapped[int] = ref("account.id", index=False)
    person_id: Mapped[int] = ref("person.id", index=False)
    has_interest: Mapped[bool] = mapped_column(Flag)
    reason: Mapped[str]
    declared_at: Mapped[datetime]
