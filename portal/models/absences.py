"""Absences of officials who approve, with their stand-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, relationship

from portal.models.accounts import User
from portal.models.base import Key, Model, ref


class Absence(Model):
    """`stand_in_id` takes the place of `account_id` on every day from `from_on` to `to_on`, until `ended_at`."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="dates"),
        CheckConstraint("stand_in_id <> account_id", name="another"),
        Index("ix_absence_organisation_id_to_on", "organisation_id", "to_on"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    account_id: Mapped[int] = ref("account.id")
    stand_in_id: Mapped[int] = ref("account.id", index=False)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str]
    entered_by: Mapped[int] = ref("account.id", index=False)
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[User] = relationship(foreign_keys=[account_id])
    stand_in: Mapped[User] = relationship(foreign_keys=[stand_in_id])
