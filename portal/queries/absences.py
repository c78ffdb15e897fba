"""Looks up who is away, who stands in for them, and what was approved in somebody's absence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.domain.absences import APPROVING
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.models.absences import Absence
from portal.models.accounts import Person, RoleGrant, User
from portal.models.approvals import Approval
from portal.models.claims import Claim

PAGE = 100


@dataclass(frozen=True, slots=True)
class InPlace:
    """What somebody approved in one's place, at one moment: how many records, won together, the month of claims."""

    matter: Matter
    record_id: int
    records: int
    won: int
    period: str
    signed_by: str
    signed_at: datetime
    acknowledged_at: datetime | None


def on_day(session: Session, organisation_id: int, on: date) -> Sequence[Absence]:
    """The absences that count on this day."""
    return session.scalars(
        select(Absence)
        .where(Absence.organisation_id == organisation_id, *_counting(on, on))
        .options(joinedload(Absence.account), joinedload(Absence.stand_in))
        .order_by(Absence.id)
    ).all()


def overlapping(session: Session, person_ids: Collection[int], from_on: date, to_on: date) -> Sequence[Absence]:
    """Absences that share a day with the period and in which one of these persons is away or stands in."""
    away, stand_in = aliased(User), aliased(User)
    return session.scalars(
        select(Absence)
        .join(away, away.id == Absence.account_id)
        .join(stand_in, stand_in.id == Absence.stand_in_id)
        .where(away.person_id.in_(person_ids) | stand_in.person_id.in_(person_ids), *_counting(from_on, to_on))
    ).all()


def listed(session: Session, by: Actor, *, on: date) -> Sequence[Absence]:
    """The absences of now and later that `by` may see: an administrator all of the organisation's, others their own."""
    query = select(Absence).where(
        Absence.organisation_id == by.organisation_id, Absence.to_on >= on, Absence.ended_at.is_(None)
    )
    if not by.may(Permission.ACCOUNT_MANAGE):
        here = select(User.id).where(User.person_id == by.person_id)
        query = query.where(Absence.account_id.in_(here) | Absence.stand_in_id.in_(here))
    loaded = (joinedload(Absence.account), joinedload(Absence.stand_in))
    return session.scalars(query.options(*loaded).order_by(Absence.from_on, Absence.id)).all()


def of_organisation(session: Session, absence_id: int, by: Actor) -> Absence:
    """Raises NotFound."""
    found = session.get(Absence, absence_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"absence {absence_id}")
    return found


def approving(session: Session, organisation_id: int) -> Sequence[User]:
    """The officials who review, approve or pay."""
    return (
        session.scalars(
            select(User)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(User.organisation_id == organisation_id, User.active)
            .where(RoleGrant.role.in_(APPROVING), RoleGrant.revoked_at.is_(None))
            .order_by(User.id)
        )
        .unique()
        .all()
    )


def in_place_of(session: Session, by: Actor) -> list[InPlace]:
    """What others approved in the place of `by`, what is not acknowledged first, then newest first (후열)."""
    signer, absent = aliased(User), aliased(User)
    rows = session.execute(
        select(
            Approval.matter,
            func.min(Approval.record_id),
            func.count(),
            func.sum(Approval.amount),
            func.max(Claim.period),
            Person.name,
            Approval.signed_at,
            Approval.acknowledged_at,
        )
        .join(absent, absent.id == Approval.stands_for)
        .join(signer, signer.id == Approval.signed_by)
        .join(Person, Person.id == signer.person_id)
        .outerjoin(Claim, (Claim.id == Approval.record_id) & (Approval.matter == Matter.CLAIMS))
        .where(absent.person_id == by.person_id)
        .group_by(Approval.matter, Person.name, Approval.signed_at, Approval.acknowledged_at, Claim.period)
        .order_by(Approval.acknowledged_at.is_not(None), Approval.signed_at.desc())
        .limit(PAGE)
    )
    return [
        InPlace(matter, record_id, records, int(won), period or "", name, signed_at, read_at)
        for matter, record_id, records, won, period, name, signed_at, read_at in rows
    ]


def _counting(from_on: date, to_on: date) -> tuple[ColumnElement[bool], ...]:
    return Absence.from_on <= to_on, Absence.to_on >= from_on, Absence.ended_at.is_(None)
