"""Looks up whether payments are stopped, for an organisation and for the whole portal, and how it came to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain import stops
from portal.domain.actors import Actor
from portal.domain.permissions import Permission
from portal.domain.stops import StopEvent, StopKind, StopState
from portal.models.accounts import Person
from portal.models.stops import PaymentStop


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the history. `whole`: of the whole portal; `person` empty: the portal itself."""

    at: datetime
    kind: StopKind
    whole: bool
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where payments stand, of the office and of the whole portal, with what the person asking may do about each."""

    office: StopState
    portal: StopState
    office_actions: Sequence[StopKind] = ()
    portal_actions: Sequence[StopKind] = ()
    history: Sequence[Happening] = ()

    @property
    def stopped(self) -> bool:
        return self.office.stopped or self.portal.stopped


def standing(session: Session, organisation_id: int | None) -> Standing:
    """Where payments stand; in one statement."""
    rows = session.execute(
        select(PaymentStop, Person.name)
        .join(Person, Person.id == PaymentStop.person_id, isouter=True)
        .where(or_(PaymentStop.organisation_id.is_(None), PaymentStop.organisation_id == organisation_id))
        .order_by(PaymentStop.id)
    ).all()
    told = {
        whole: stops.told_by(
            StopEvent(event.kind, event.person_id, event.reason, event.at)
            for event, _name in rows
            if (event.organisation_id is None) == whole
        )
        for whole in (False, True)
    }
    history = [
        Happening(event.at, event.kind, event.organisation_id is None, name or "", event.reason)
        for event, name in reversed(rows)
    ]
    return Standing(told[False], told[True], history=history)


def seen_by(session: Session, by: Actor) -> Standing:
    """The same for a person's page."""
    found = standing(session, by.organisation_id)
    if not by.may(Permission.PAYMENT_STOP):
        return found
    return Standing(
        found.office,
        found.portal,
        stops.open_to(found.office, by.person_id),
        [kind for kind in stops.open_to(found.portal, by.person_id) if kind is not StopKind.ASK],
        found.history,
    )
