"""Proposing and publishing versions of a programme: two persons, an immutable text, and its budget with the first."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.announcements import read_announcement
from portal.domain.errors import AlreadyDone, NotFound, NotPermitted
from portal.domain.programmes import LIFECYCLE, VersionStatus
from portal.domain.terms import parse_terms
from portal.models.ledger import BudgetLine
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import programmes
from portal.services import ledger, steps


def propose(session: Session, text: str, *, by: Actor, at: datetime, file: str = "") -> ProgrammeVersion:
    """Takes in a programme's text as the next version. Raises FileRefused with all problems of the text."""
    if by.organisation_id is None:
        raise NotPermitted("a programme belongs to an organisation")
    terms = parse_terms(text, file=file)
    read_announcement(text, file)
    programme = session.scalar(select(Programme).where(Programme.code == terms.code))
    if programme is None:
        programme = Programme(organisation_id=by.organisation_id, code=terms.code, name=terms.name)
        session.add(programme)
        session.flush()
    if programme.organisation_id != by.organisation_id:
        raise NotFound(terms.code)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    mine = ProgrammeVersion.programme_id == programme.id
    last = session.scalar(select(func.max(ProgrammeVersion.number)).where(mine))
    same = select(ProgrammeVersion.id).where(mine, ProgrammeVersion.content_hash == content_hash)
    if session.scalar(same) is not None:
        raise AlreadyDone(f"{terms.code}: this text is already there")
    version = ProgrammeVersion(
        programme_id=programme.id, number=(last or 0) + 1, text=text, content_hash=content_hash, proposed_at=at
    )
    steps.begin(session, version, LIFECYCLE, "propose", by=by, at=at)
    return version


def publish(session: Session, version_id: int, *, by: Actor, at: datetime) -> ProgrammeVersion:
    """Puts a version in force in place of the one before it, and opens the budget lines of years not yet opened."""
    version = session.get(ProgrammeVersion, version_id)
    if version is None or version.programme.organisation_id != by.organisation_id:
        raise NotFound(f"programme version {version_id}")
    before = session.scalars(
        select(ProgrammeVersion).where(
            ProgrammeVersion.programme_id == version.programme_id, ProgrammeVersion.status == VersionStatus.PUBLISHED
        )
    )
    for earlier in before:
        steps.take(session, earlier, LIFECYCLE, "replace", by=by, at=at)
    steps.take(session, version, LIFECYCLE, "publish", by=by, at=at)
    version.published_at = at
    _open_budget(session, version, by=by, at=at)
    return version


def _open_budget(session: Session, version: ProgrammeVersion, *, by: Actor, at: datetime) -> None:
    by_year: dict[int, dict[str, int]] = defaultdict(dict)
    for line in programmes.read(version).announcement.budget:
        by_year[line.fiscal_year][line.source] = line.amount
    opened = set(session.scalars(select(BudgetLine.fiscal_year).where(BudgetLine.programme_id == version.programme_id)))
    for year in sorted(set(by_year) - opened):
        ledger.appropriate(
            session,
            programme_id=version.programme_id,
            organisation_id=version.programme.organisation_id,
            fiscal_year=year,
            amounts=by_year[year],
            by=by,
            at=at,
        )
