"""Looks up versions of programmes for those who propose, publish and read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.programmes import LIFECYCLE, Change, difference
from portal.models.accounts import Person
from portal.models.audit import AuditEvent
from portal.models.programmes import Programme, ProgrammeVersion
from portal.models.reservations import Reservation
from portal.queries import audit, programmes, reservations


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list, with who proposed and who published it."""

    version: ProgrammeVersion
    proposer: str
    publisher: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with its text read, and what it changes of the one before.

    `line`, `waiting`: the programme's reservations where it commits at acceptance; `actions`: what may be done now.
    """

    published: programmes.Published
    before: ProgrammeVersion | None
    changes: Sequence[Change]
    timeline: Sequence[audit.Happening]
    line: reservations.Line | None
    waiting: Sequence[Reservation]
    actions: Sequence[str]


def rows(session: Session, by: Actor) -> list[VersionRow]:
    """The versions of the organisation's programmes, newest first."""
    found = session.scalars(
        select(ProgrammeVersion)
        .join(Programme)
        .where(Programme.organisation_id == by.organisation_id)
        .order_by(Programme.id, ProgrammeVersion.number.desc())
    ).all()
    taken = session.execute(
        select(AuditEvent.record_id, AuditEvent.action, Person.name)
        .join(Person, Person.id == AuditEvent.person_id)
        .where(AuditEvent.noun == LIFECYCLE.noun, AuditEvent.record_id.in_([version.id for version in found]))
    )
    names = {(record_id, action): name for record_id, action, name in taken}
    publishers = {v.id: names.get((v.id, "publish")) or names.get((v.id, "announce"), "") for v in found}
    return [VersionRow(v, names.get((v.id, "propose"), ""), publishers[v.id]) for v in found]


def page(session: Session, version_id: int, by: Actor) -> VersionPage:
    """One version of the organisation's. Raises NotFound."""
    published = programmes.version(session, version_id)
    if published.programme.organisation_id != by.organisation_id:
        raise NotFound(f"programme version {version_id}")
    version = published.version
    before = session.scalar(
        select(ProgrammeVersion).where(
            ProgrammeVersion.programme_id == version.programme_id, ProgrammeVersion.number == version.number - 1
        )
    )
    first_come = published.announcement.call.first_come
    return VersionPage(
        published=published,
        before=before,
        changes=list(difference(before.text, version.text)) if before else [],
        timeline=audit.timeline(session, LIFECYCLE.noun, version.id),
        line=reservations.line(session, version.programme_id) if first_come else None,
        waiting=reservations.waiting(session, version.programme_id, by) if first_come else (),
        actions=LIFECYCLE.actions(version.status, by, audit.done_by(session, LIFECYCLE.noun, version.id)),
    )
