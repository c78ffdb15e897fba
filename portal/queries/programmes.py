"""Looks up programmes and reads their published text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.domain.announcements import Announcement, read_announcement
from portal.domain.errors import NotFound
from portal.domain.periods import korean_date
from portal.domain.programmes import VersionStatus
from portal.domain.terms import Terms, parse_terms
from portal.models.programmes import Programme, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class Published:
    """A version with its text read: `terms` for the assessment, `announcement` for everything people read."""

    programme: Programme
    version: ProgrammeVersion
    terms: Terms
    announcement: Announcement


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[Terms, Announcement]:
    return parse_terms(text), read_announcement(text)


def read(version: ProgrammeVersion) -> Published:
    """A stored version with its text read (kept in memory: a published text never changes)."""
    terms, announcement = _read(version.text)
    return Published(version.programme, version, terms, announcement)


def in_force(session: Session, code: str, on: date | None = None) -> Published:
    """The version of a programme under which a day's applications are decided. Raises NotFound.

    Without a day the one whose turn the portal has registered: with one, a version whose first day has come counts
    from midnight, although nobody has worked since.
    """
    found = session.scalars(select(ProgrammeVersion).join(Programme).where(Programme.code == code, _counts(on))).all()
    if not found:
        raise NotFound(code)
    return read(max(found, key=_turn))


def version(session: Session, version_id: int) -> Published:
    """Any stored version by its id. Raises NotFound."""
    found = session.get(ProgrammeVersion, version_id)
    if found is None:
        raise NotFound(f"programme version {version_id}")
    return read(found)


def published(session: Session, *, organisation_id: int | None = None, on: date | None = None) -> list[Published]:
    """All programmes in force, of one organisation or of all; `on` as for `in_force`."""
    query = select(ProgrammeVersion).join(Programme).where(_counts(on)).order_by(Programme.id)
    if organisation_id is not None:
        query = query.where(Programme.organisation_id == organisation_id)
    latest: dict[int, ProgrammeVersion] = {}
    for found in session.scalars(query):
        latest[found.programme_id] = max(found, latest.get(found.programme_id, found), key=_turn)
    return [read(found) for found in latest.values()]


def by_codes(session: Session, codes: Collection[str]) -> Sequence[Programme]:
    """The programmes of these codes, as far as there are such."""
    return session.scalars(select(Programme).where(Programme.code.in_(codes)).order_by(Programme.id)).all()


def announced(session: Session, programme_id: int) -> list[ProgrammeVersion]:
    """The versions that are published and whose first day is still to come, in the order of their days."""
    query = select(ProgrammeVersion).where(
        ProgrammeVersion.programme_id == programme_id, ProgrammeVersion.status == VersionStatus.ANNOUNCED
    )
    return sorted(session.scalars(query), key=_turn)


def coming(session: Session, programme_id: int, on: date) -> list[Published]:
    """The versions that take effect after a day, read."""
    return [read(each) for each in announced(session, programme_id) if (each.effective_from or on) > on]


def open_calls(session: Session, *, at: datetime) -> list[Published]:
    """Programmes to which one may apply on this day."""
    on = korean_date(at)
    return [found for found in published(session, on=on) if found.announcement.call.is_open(on)]


def _counts(on: date | None) -> ColumnElement[bool]:
    """In force, or on a day also announced for it or for a day before."""
    status = ProgrammeVersion.status
    if on is None:
        return status == VersionStatus.PUBLISHED
    due = and_(status == VersionStatus.ANNOUNCED, ProgrammeVersion.effective_from <= on)
    return or_(status == VersionStatus.PUBLISHED, due)


def _turn(version: ProgrammeVersion) -> tuple[date, int]:
    return version.effective_from or date.min, version.number
