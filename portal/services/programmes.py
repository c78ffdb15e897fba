"""Proposing and publishing versions of a programme: two persons, an immutable text, and its budget with the first."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.announcements import read_announcement
from portal.domain.errors import AlreadyDone, FileRefused, NotFound, NotPermitted, Problem
from portal.domain.programmes import LIFECYCLE, VersionStatus
from portal.domain.terms import Terms, parse_terms
from portal.models.ledger import BudgetLine
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import programmes
from portal.services import ledger, steps


def propose(session: Session, text: str, *, by: Actor, at: datetime, file: str = "") -> ProgrammeVersion:
    """Takes in a programme's text as the next version. Raises FileRefused with all problems of the text."""
    if by.organisation_id is None:
        raise NotPermitted("a programme belongs to an organisation")
    terms = _read(text, file)
    programme = session.scalar(select(Programme).where(Programme.code == terms.code))
    if programme is None:
        programme = Programme(organisation_id=by.organisation_id, code=terms.code, name=terms.name)
        session.add(programme)
        session.flush()
    if programme.organisation_id != by.organisation_id:
        raise NotFound(terms.code)
    _hold(session, programme)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    mine = ProgrammeVersion.programme_id == programme.id
    last = session.scalar(select(func.max(ProgrammeVersion.number)).where(mine))
    same = select(ProgrammeVersion.id).where(mine, ProgrammeVersion.content_hash == content_hash)
    if session.scalar(same) is not None:
        raise AlreadyDone(problems=[Problem("text_already_there", "text")])
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
    _hold(session, version.programme)
    session.refresh(version, ["status"])
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


def _read(text: str, file: str) -> Terms:
    """Both halves of the text. Raises FileRefused with the problems of both; the two share one TOML document."""
    problems: list[Problem] = []
    for read in (parse_terms, read_announcement):
        try:
            read(text, file=file)
        except FileRefused as refused:
            problems += [problem for problem in refused.problems if problem not in problems]
    if problems:
        raise FileRefused(problems=problems)
    return parse_terms(text, file=file)


def _hold(session: Session, programme: Programme) -> None:
    """One version at a time is numbered or put in force."""
    session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update(key_share=True))


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
