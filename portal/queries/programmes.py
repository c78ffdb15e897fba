"""Looks up programmes and reads their published text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
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


def in_force(session: Session, code: str) -> Published:
    """The published version of a programme. Raises NotFound."""
    version = session.scalar(
        select(ProgrammeVersion)
        .join(Programme)
        .where(Programme.code == code, ProgrammeVersion.status == VersionStatus.PUBLISHED)
    )
    if version is None:
        raise NotFound(code)
    return read(version)


def version(session: Session, version_id: int) -> Published:
    """Any stored version by its id. Raises NotFound."""
    found = session.get(ProgrammeVersion, version_id)
    if found is None:
        raise NotFound(f"programme version {version_id}")
    return read(found)


def published(session: Session, *, organisation_id: int | None = None) -> list[Published]:
    """All programmes in force, of one organisation or of all."""
    query = (
        select(ProgrammeVersion)
        .join(Programme)
        .where(ProgrammeVersion.status == VersionStatus.PUBLISHED)
        .order_by(Programme.id)
    )
    if organisation_id is not None:
        query = query.where(Programme.organisation_id == organisation_id)
    return [read(found) for found in session.scalars(query)]


def open_calls(session: Session, *, at: datetime) -> list[Published]:
    """Programmes to which one may apply on this day."""
    return [found for found in published(session) if found.announcement.call.is_open(korean_date(at))]
