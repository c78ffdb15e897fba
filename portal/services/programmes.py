"""Proposing and publishing versions of a programme: two persons, an immutable text, and its budget with the first."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.announcements import read_announcement
from portal.domain.errors import AlreadyDone, Conflict, FileRefused, NotFound, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.programmes import LIFECYCLE, VersionStatus
from portal.domain.publishing import unstated
from portal.domain.terms import Terms, parse_terms
from portal.models.accounts import User
from portal.models.audit import AuditEvent
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import accounts, programme_standing, programmes
from portal.queries import budget as lines
from portal.services import ledger, reservations, steps


def propose(session: Session, text: str, *, by: Actor, at: datetime, file: str = "") -> ProgrammeVersion:
    """Takes in a programme's text as the next version. Raises FileRefused with all problems of the text.

    What a draft may leave open, a published programme states: its legal basis, the article of every amount, who funds
    it, and in each fiscal year a budget line for each of them.
    """
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
    """Puts a version in force in place of the one before it, and opens the budget lines of years not yet opened.

    Where it states a later first day it is announced, and takes effect on that day; what was announced before for
    that day or a later one gives way to it.

    Raises Conflict where its first day is over although another version is in force; where the version states another
    budget for a year that is open: adjusting it is not a new version; where it changes when money is committed,
    although applications stand in line already; and where it drops services that firms have offered.
    """
    version = session.get(ProgrammeVersion, version_id)
    if version is None or version.programme.organisation_id != by.organisation_id:
        raise NotFound(f"programme version {version_id}")
    lines.locked(session, version.programme_id, 0)  # before the programme: the order of those who hand in
    _hold(session, version.programme)
    session.refresh(version, ["status"])
    announcement = programmes.read(version).announcement
    budget = programme_standing.stated(announcement)
    rule, services = announcement.call.commitment, announcement.services
    kinds = None if services is None else services.names
    for wrong in (
        programme_standing.other_budget(session, version.programme_id, budget),
        programme_standing.other_commitment(session, version.programme_id, rule),
        programme_standing.other_services(session, version.programme_id, kinds),
    ):
        if wrong:
            raise Conflict(problems=wrong)
    first_day = announcement.call.effective_from or korean_date(at)
    _refuse_past(session, version, first_day, korean_date(at))
    overtaken = [
        earlier
        for earlier in programmes.announced(session, version.programme_id)
        if earlier.number < version.number and (earlier.effective_from or first_day) >= first_day
    ]
    for earlier in overtaken:
        steps.take(session, earlier, LIFECYCLE, "replace", by=by, at=at)
    if first_day > korean_date(at):
        steps.take(session, version, LIFECYCLE, "announce", by=by, at=at)
    else:
        _put_in_force(session, version, "publish", by=by, at=at)
    version.published_at, version.effective_from = at, first_day
    return version


def due(session: Session, *, at: datetime) -> list[int]:
    """The announced versions whose first day has come, in the order in which they take effect."""
    waiting = select(ProgrammeVersion.id).where(
        ProgrammeVersion.status == VersionStatus.ANNOUNCED, ProgrammeVersion.effective_from <= korean_date(at)
    )
    return list(session.scalars(waiting.order_by(ProgrammeVersion.effective_from, ProgrammeVersion.number)))


def take_effect(session: Session, version_id: int, *, at: datetime) -> ProgrammeVersion | None:
    """Puts an announced version in force, in the name of whoever published it; None where another worker did."""
    version = session.get_one(ProgrammeVersion, version_id)
    lines.locked(session, version.programme_id, 0)
    _hold(session, version.programme)
    session.refresh(version, ["status"])
    if version_id not in due(session, at=at):
        return None
    _put_in_force(session, version, "take_effect", by=_publisher(session, version), at=at)
    return version


def _put_in_force(session: Session, version: ProgrammeVersion, action: str, *, by: Actor, at: datetime) -> None:
    mine = (ProgrammeVersion.programme_id == version.programme_id, ProgrammeVersion.status == VersionStatus.PUBLISHED)
    for earlier in session.scalars(select(ProgrammeVersion).where(*mine)):
        steps.take(session, earlier, LIFECYCLE, "replace", by=by, at=at)
    steps.take(session, version, LIFECYCLE, action, by=by, at=at)
    _open_budget(session, version, programme_standing.stated(programmes.read(version).announcement), by=by, at=at)
    reservations.fill(session, version.programme_id, by=by, at=at)


def _refuse_past(session: Session, version: ProgrammeVersion, first_day: date, today: date) -> None:
    """A first day that is over would decide anew what was handed in since; the first version of all decides nothing."""
    mine = (ProgrammeVersion.programme_id == version.programme_id, ProgrammeVersion.status == VersionStatus.PUBLISHED)
    if first_day < today and session.scalar(select(ProgrammeVersion.id).where(*mine)) is not None:
        raise Conflict(problems=[Problem("effective_in_the_past", "call.effective_from", f"{first_day}")])


def _publisher(session: Session, version: ProgrammeVersion) -> Actor:
    mine = (AuditEvent.noun == LIFECYCLE.noun, AuditEvent.record_id == version.id, AuditEvent.action == "announce")
    account = select(AuditEvent.user_id).where(*mine).scalar_subquery()
    return accounts.actor_of(session.scalars(select(User).where(User.id == account)).unique().one())


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
    terms = parse_terms(text, file=file)
    if missing := unstated(terms, read_announcement(text, file=file), file=file):
        raise FileRefused(problems=missing)
    return terms


def _hold(session: Session, programme: Programme) -> None:
    """One version at a time is numbered or put in force."""
    session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update(key_share=True))


def _open_budget(
    session: Session, version: ProgrammeVersion, budget: dict[int, dict[str, int]], *, by: Actor, at: datetime
) -> None:
    for year in sorted(budget.keys() - programme_standing.opened(session, version.programme_id).keys()):
        ledger.appropriate(
            session,
            programme_id=version.programme_id,
            organisation_id=version.programme.organisation_id,
            fiscal_year=year,
            amounts=budget[year],
            by=by,
            at=at,
        )
