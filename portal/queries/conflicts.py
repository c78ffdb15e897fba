"""Looks up which version of a contradicted order counts, and who said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.conflicts import OrderKey
from portal.models.accounts import Person, User
from portal.models.conflicts import ConflictDecision
from portal.models.settlements import Delivery

RECENT = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and the name of who took it."""

    decision: ConflictDecision
    person: str


def settled(session: Session, organisation_id: int) -> dict[OrderKey, int]:
    """Order -> receipt of the statement that counts since the last decision about it."""
    rows = session.execute(
        select(ConflictDecision.platform, ConflictDecision.order_no, func.max(ConflictDecision.counts))
        .where(ConflictDecision.organisation_id == organisation_id)
        .group_by(ConflictDecision.platform, ConflictDecision.order_no)
    )
    return {OrderKey(platform, order_no): int(counts) for platform, order_no, counts in rows}


def told_twice(session: Session, organisation_id: int) -> Sequence[Delivery]:
    """The deliveries with lines of those platforms of which there are several: only they can contradict."""
    mine = (Delivery.organisation_id == organisation_id, Delivery.accepted > 0)
    several = select(Delivery.platform).where(*mine).group_by(Delivery.platform).having(func.count() > 1)
    return session.scalars(select(Delivery).where(*mine, Delivery.platform.in_(several)).order_by(Delivery.id)).all()


def recent(session: Session, by: Actor) -> list[Decided]:
    """The organisation's last decisions, newest first."""
    rows = session.execute(
        select(ConflictDecision, Person.name)
        .join(User, User.id == ConflictDecision.decided_by)
        .join(Person, Person.id == User.person_id)
        .where(ConflictDecision.organisation_id == by.organisation_id)
        .order_by(ConflictDecision.id.desc())
        .limit(RECENT)
    )
    return [Decided(decision, name) for decision, name in rows]
