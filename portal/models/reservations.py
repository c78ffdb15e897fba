"""What is kept of a programme's budget for an application from its acceptance on, or its place on the waiting list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from portal.domain.reservations import ReservationStatus
from portal.models.applications import Application
from portal.models.base import BigInt, Choice, Model, one_of


class Reservation(Model):
    """`amount`: won asked for; `reserved`: won committed for it now, all of them, some or none.

    `reserved_at`: when money was first kept for it; `closed_at`: when it was decided on, rejected or withdrawn.
    `since`: the last ledger entry when it was entered again after an objection; who was served by then was not served
    before it, and what is posted for it from then on has source keys of its own. `rank`: its place in a selection,
    which goes before the queue number.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint(one_of("status", ReservationStatus), name="status"),
        CheckConstraint("amount > 0 AND reserved >= 0 AND reserved <= amount", name="reserved"),
        CheckConstraint("(reserved > 0) = (status IN ('reserved', 'used'))", name="kept"),
        Index("ix_reservation_status", "status"),
        {"sqlite_strict": True},
    )

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    status: Mapped[ReservationStatus] = mapped_column(Choice(ReservationStatus))
    amount: Mapped[int]
    reserved: Mapped[int]
    entered_at: Mapped[datetime]
    reserved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    since: Mapped[int | None]
    rank: Mapped[int | None]

    id = synonym("application_id")  # the audit trail names a reservation by its application
    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)
