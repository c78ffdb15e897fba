"""Looks up what officials declared of their interest in cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.accounts import Person
from portal.models.declarations import InterestDeclaration


@dataclass(frozen=True, slots=True)
class Declared:
    """All that was declared of a case, and what the person asking said: None where they said nothing yet."""

    rows: Sequence[tuple[InterestDeclaration, str]]
    mine: bool | None


def of_case(session: Session, application_id: int, person_id: int) -> Declared:
    """The declarations of a case with the names of those who made them, oldest first."""
    rows = session.execute(
        select(InterestDeclaration, Person.name)
        .join(Person, Person.id == InterestDeclaration.person_id)
        .where(InterestDeclaration.application_id == application_id)
        .order_by(InterestDeclaration.id)
    )
    found = [(row, name) for row, name in rows]
    mine = [row.has_interest for row, _name in found if row.person_id == person_id]
    return Declared(found, any(mine) if mine else None)


def said(session: Session, application_ids: Collection[int], person_id: int) -> dict[int, bool]:
    """Application id -> whether the person declared an interest; cases of which they said nothing are left out."""
    rows = session.execute(
        select(InterestDeclaration.application_id, InterestDeclaration.has_interest).where(
            InterestDeclaration.application_id.in_(application_ids), InterestDeclaration.person_id == person_id
        )
    )
    found: dict[int, bool] = {}
    for application_id, has_interest in rows:
        found[application_id] = found.get(application_id, False) or has_interest
    return found


def interests(session: Session, person_id: int) -> set[int]:
    """The cases in which a person declared an interest."""
    return set(
        session.scalars(
            select(InterestDeclaration.application_id).where(
                InterestDeclaration.person_id == person_id, InterestDeclaration.has_interest
            )
        )
    )


def interested_in(session: Session, application_ids: Collection[int]) -> Sequence[tuple[int, str]]:
    """Application id and the name of whoever declared an interest in it, each once."""
    rows = session.execute(
        select(InterestDeclaration.application_id, Person.name)
        .join(Person, Person.id == InterestDeclaration.person_id)
        .where(InterestDeclaration.application_id.in_(application_ids), InterestDeclaration.has_interest)
        .distinct()
        .order_by(InterestDeclaration.application_id, Person.name)
    )
    return [(application_id, name) for application_id, name in rows]
