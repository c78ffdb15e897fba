"""Looks up which orders may be netted, and what payments net."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.recoveries import RecoveryStatus
from portal.models.payments import PaymentNetting
from portal.models.recoveries import Recovery, RecoveryPart

_NETTED = (RecoveryStatus.ORDERED, RecoveryStatus.IN_INSTALMENTS)


def open_to(session: Session, organisation_id: int, on: date) -> list[int]:
    """The orders of an organisation that are overdue, or whose merchant has agreed; the oldest first."""
    query = select(Recovery.id).where(
        Recovery.organisation_id == organisation_id,
        Recovery.status.in_(_NETTED),
        Recovery.fulfilled < Recovery.demanded,
        or_(Recovery.due_on < on, Recovery.netting_agreed_at.is_not(None)),
    )
    return list(session.scalars(query.order_by(Recovery.id)))


def parts_of(session: Session, payment_ids: Collection[int]) -> Sequence[RecoveryPart]:
    """The parts of orders that these payments net."""
    return session.scalars(
        select(RecoveryPart)
        .join(PaymentNetting, PaymentNetting.part_id == RecoveryPart.id)
        .where(PaymentNetting.payment_id.in_(payment_ids))
        .distinct()
    ).all()
