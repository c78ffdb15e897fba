"""Looks up who reviews in an office, what they may be given, and how the charge of a case went from hand to hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.domain.actors import Actor, Role
from portal.domain.applications import LIFECYCLE
from portal.domain.assignments import Charge, How, Officer
from portal.domain.lifecycle import OBJECTED_TO
from portal.models.accounts import Person, RoleGrant, User
from portal.models.applications import Application
from portal.models.assignments import Assignment
from portal.models.declarations import InterestDeclaration
from portal.models.merchants import Merchant
from portal.queries import absences, audit


@dataclass(frozen=True, slots=True)
class Hand:
    """One change of hands: who has it now (empty for nobody), who had it, who did that and why."""

    officer: str
    before: str
    how: How
    reason: str
    by: str
    at: datetime


def reviewing(session: Session, by: Actor) -> Sequence[Any]:
    """(account, person, name, title) of those of the office who review, by name."""
    return session.execute(
        select(User.id, User.person_id, Person.name, User.title)
        .join(Person, Person.id == User.person_id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.organisation_id == by.organisation_id, User.active)
        .where(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None))
        .order_by(Person.name, User.id)
    ).all()


def officers(session: Session, by: Actor, *, on: date) -> list[Officer]:
    """Those of the office who review, by name, with who is absent on that day."""
    away = {absence.account.person_id for absence in absences.on_day(session, by.organisation_id or 0, on)}
    return [Officer(id, person, name, title, person in away) for id, person, name, title in reviewing(session, by)]


def charge(session: Session, application: Application) -> Charge:
    """What decides who may be given this case."""
    owner = select(User.person_id).join(Merchant, Merchant.owner_id == User.id)
    done_by = audit.done_by(session, LIFECYCLE.noun, application.id)
    return Charge(
        application.id,
        application.status,
        session.scalars(owner.where(Merchant.id == application.merchant_id)).one(),
        application.reviewer_id,
        interested(session, [application.id]).get(application.id, frozenset()),
        frozenset(done_by.get(OBJECTED_TO, ())),
    )


def interested(session: Session, application_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Application id -> the persons who declared an interest in it."""
    rows = session.execute(
        select(InterestDeclaration.application_id, InterestDeclaration.person_id).where(
            InterestDeclaration.application_id.in_(application_ids), InterestDeclaration.has_interest
        )
    )
    found: dict[int, frozenset[int]] = {}
    for application_id, person_id in rows:
        found[application_id] = found.get(application_id, frozenset()) | {person_id}
    return found


def history(session: Session, application_id: int) -> Sequence[Hand]:
    """The newest first."""
    now, before, giver = aliased(User), aliased(User), aliased(User)
    to, away, by = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(to.name, away.name, Assignment.how, Assignment.reason, by.name, Assignment.assigned_at)
        .outerjoin(now, now.id == Assignment.account_id)
        .outerjoin(to, to.id == now.person_id)
        .outerjoin(before, before.id == Assignment.before_id)
        .outerjoin(away, away.id == before.person_id)
        .join(giver, giver.id == Assignment.assigned_by)
        .join(by, by.id == giver.person_id)
        .where(Assignment.application_id == application_id)
        .order_by(Assignment.id.desc())
    )
    return [Hand(officer or "", had or "", how, why, who, at) for officer, had, how, why, who, at in rows]
