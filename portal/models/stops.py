"""Stops of all payments and their ends, as events; append-only. Where payments stand is told from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.stops import StopKind
from portal.models.base import Choice, Key, Model, one_of, ref


class PaymentStop(Model):
    """`organisation_id` None: of the whole portal. The portal itself (no person) writes violations and nothing else."""

    __tablename__ = "payment_stop"
    __table_args__ = (
        CheckConstraint(one_of("kind", StopKind), name="kind"),
        CheckConstraint("(kind = 'violation') = (person_id IS NULL)", name="person"),
        CheckConstraint("(user_id IS NULL) = (person_id IS NULL)", name="user"),
        CheckConstraint("kind <> 'violation' OR organisation_id IS NULL", name="whole"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int | None] = ref("organisation.id")
    kind: Mapped[StopKind] = mapped_column(Choice(StopKind))
    reason: Mapped[str]
    user_id: Mapped[int | None] = ref("account.id")
    person_id: Mapped[int | None] = ref("person.id")
    at: Mapped[datetime]
