"""Looks up what a signed consent is for: the programmes that it names, and the applications that it opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Capacity
from portal.domain.applications import OPEN
from portal.domain.errors import NotFound, NotPermitted, Problem
from portal.domain.proxy_entries import EntryStatus
from portal.models.applications import Application
from portal.models.mandates import Mandate, MandateProgramme
from portal.models.programmes import Programme
from portal.models.proxy_entries import ProxyEntry
from portal.queries import programmes


def looked_at(mandate_id: int) -> ColumnElement[bool]:
    """Whether the entry of a consent was confirmed."""
    confirmed = ProxyEntry.mandate_id == mandate_id, ProxyEntry.status == EntryStatus.CONFIRMED
    return exists(select(ProxyEntry.id).where(*confirmed))


def named_in(mandate_id: int) -> Select[int]:
    """The ids of the programmes that a consent is for."""
    return select(MandateProgramme.programme_id).where(MandateProgramme.mandate_id == mandate_id)


def programmes_open_to(session: Session, by: Actor) -> frozenset[int] | None:
    """In which programmes a clerk may act by their consent: those that it names; None for whoever needs none."""
    if by.acts_for is None or by.acts_for.capacity is not Capacity.CONSENT:
        return None
    return frozenset(session.scalars(named_in(by.acts_for.mandate_id)))


def offered(session: Session, by: Actor, *, at: datetime) -> list[tuple[str, str]]:
    """(code, name) of what a consent may be for: programmes with an open call, and those in which something that was
    entered at the organisation goes on.
    """
    calls = {each.programme.id: each.programme for each in programmes.open_calls(session, at=at)}
    goes_on = session.scalars(
        select(Programme)
        .join(Application, Application.programme_id == Programme.id)
        .join(ProxyEntry, ProxyEntry.mandate_id == Application.mandate_id)
        .where(ProxyEntry.organisation_id == by.organisation_id, Application.status.in_(OPEN))
        .distinct()
    )
    found = calls | {each.id: each for each in goes_on}
    return [(found[number].code, found[number].name) for number in sorted(found)]


def refuse_other_programme(session: Session, programme_id: int, name: str, by: Actor) -> None:
    """Raises NotPermitted for a clerk whose consent does not name the programme."""
    named = programmes_open_to(session, by)
    if named is not None and programme_id not in named:
        raise NotPermitted(
            "a consent is for the programmes that it names", [Problem("consent_other_programme", "programme", name)]
        )


def by_consent(by: Actor) -> ColumnElement[bool]:
    """Which applications a clerk sees who acts by a consent: those that it was given for; once it was confirmed, also
    those of earlier consents of the business at the same organisation, in the programmes that it names.
    """
    if by.acts_for is None:
        raise NotFound("acts for nobody")
    of_office = select(Mandate.id).where(
        Mandate.merchant_id == by.acts_for.merchant_id,
        Mandate.capacity == Capacity.CONSENT,
        Mandate.organisation_id == by.organisation_id,
    )
    this = by.acts_for.mandate_id
    named = Application.programme_id.in_(named_in(this))
    return or_(Application.mandate_id == this, and_(looked_at(this), named, Application.mandate_id.in_(of_office)))
