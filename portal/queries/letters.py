"""Looks up issued letters: of a case, of an owner, of an organisation, or by the code printed on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Capacity
from portal.domain.errors import NotFound
from portal.models.accounts import Organisation
from portal.models.applications import Application
from portal.models.letters import Letter
from portal.models.merchants import Merchant
from portal.queries.consents import by_consent
from portal.queries.mandates import mine

PAGE = 50


@dataclass(frozen=True, slots=True)
class Issued:
    """What anyone who holds the code may know of a letter; the recipient is masked by the page."""

    letter: Letter
    organisation: str
    representative: str


@dataclass(frozen=True, slots=True)
class Received:
    """A page of letters with the organisation that sent each; `earlier`: the id to go on from."""

    letters: list[tuple[Letter, str]]
    earlier: int | None


def of_application(session: Session, application_id: int) -> Sequence[Letter]:
    return session.scalars(select(Letter).where(Letter.application_id == application_id).order_by(Letter.id)).all()


def of_owner(session: Session, by: Actor, *, before: int | None = None) -> Received:
    """A page of letters to the businesses of one owner, newest first."""
    query = (
        select(Letter, Organisation.name)
        .join(Merchant, Merchant.id == Letter.merchant_id)
        .join(Organisation, Organisation.id == Letter.organisation_id)
        .where(_to(by))
        .order_by(Letter.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Letter.id < before)
    found = [(letter, name) for letter, name in session.execute(query)]
    return Received(found[:PAGE], found[PAGE - 1][0].id if len(found) > PAGE else None)


def owned(session: Session, letter_id: int, by: Actor) -> Letter:
    """A letter to one of the owner's businesses. Raises NotFound."""
    return _one(
        session,
        select(Letter).join(Merchant, Merchant.id == Letter.merchant_id).where(_to(by)),
        letter_id,
    )


def of_organisation(session: Session, letter_id: int, by: Actor) -> Letter:
    """A letter of the official's organisation. Raises NotFound."""
    return _one(session, select(Letter).where(Letter.organisation_id == by.organisation_id), letter_id)


def by_code(session: Session, code: str) -> Issued | None:
    """The letter that carries this verification code, if any does."""
    row = session.execute(
        select(Letter, Organisation.name, Merchant.representative)
        .join(Organisation, Organisation.id == Letter.organisation_id)
        .join(Merchant, Merchant.id == Letter.merchant_id)
        .where(Letter.verification_code == code)
    ).first()
    return Issued(*row) if row else None


def _to(by: Actor) -> ColumnElement[bool]:
    """Whose letters are theirs to read: by a consent those alone of the applications that it was given for."""
    if by.acts_for is None or by.acts_for.capacity is not Capacity.CONSENT:
        return mine(by)
    return and_(mine(by), Letter.application_id.in_(select(Application.id).where(by_consent(by))))


def _one(session: Session, query: Select[Letter], letter_id: int) -> Letter:
    found = session.scalar(query.where(Letter.id == letter_id))
    if found is None:
        raise NotFound(f"letter {letter_id}")
    return found
