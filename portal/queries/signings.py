"""How something was approved: by whom, in whose place, by delegation or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.domain.approvals import Matter
from portal.models.accounts import Person, User
from portal.models.approvals import Approval


@dataclass(frozen=True, slots=True)
class Signing:
    """`absent`: in whose place `signer` approved, or ""."""

    signer: str
    absent: str
    delegated: bool
    at: datetime


def of(session: Session, matter: Matter, record_id: int) -> Signing | None:
    """The approval that counts for a record; None before it."""
    absent, away = aliased(User), aliased(Person)
    row = session.execute(
        select(User.title, Person.name, absent.title, away.name, Approval.delegated, Approval.signed_at)
        .join(User, User.id == Approval.signed_by)
        .join(Person, Person.id == User.person_id)
        .outerjoin(absent, absent.id == Approval.stands_for)
        .outerjoin(away, away.id == absent.person_id)
        .where(Approval.matter == matter, Approval.record_id == record_id, Approval.withdrawn_at.is_(None))
    ).first()
    if row is None:
        return None
    title, name, absent_title, absent_name, delegated, at = row
    return Signing(f"{title} {name}".strip(), f"{absent_title or ''} {absent_name or ''}".strip(), delegated, at)
