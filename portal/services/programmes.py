"""Proposing and publishing versions of a programme: two persons, an immutable text, and its budget with the first."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.announcements import read_announcement
from portal.domain.errors import AlreadyDone, Conflict, FileRefused, NotFound, NotPermitted, Problem
from portal.domain.programmes import LIFECYCLE, VersionStatus
from portal.domain.publishing import unstated
from portal.domain.terms import Terms, parse_terms
from portal.models.applications import Application
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import budget as lines
from portal.queries import programmes
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

    Raises Conflict where the version states another budget for a year that is open: adjusting it is not a new version;
    and where it changes when money is committed, although applications stand in line already.
    """
    version = session.get(ProgrammeVersion, version_id)
    if version is None or version.programme.organisation_id != by.organisation_id:
        raise NotFound(f"programme version {version_id}")
    lines.locked(session, version.programme_id, 0)  # before the programme: the order of those who hand in
    _hold(session, version.programme)
    session.refresh(version, ["status"])
    budget = _budget(version)
    _refuse_other_budget(session, version, budget)
    _refuse_other_commitment(session, version)
    before = session.scalars(
        select(ProgrammeVersion).where(
            ProgrammeVersion.programme_id == version.programme_id, ProgrammeVersion.status == VersionStatus.PUBLISHED
        )
    )
    for earlier in before:
        steps.take(session, earlier, LIFECYCLE, "replace", by=by, at=at)
    steps.take(session, version, LIFECYCLE, "publish", by=by, at=at)
    version.published_at = at
    _open_budget(session, version, budget, by=by, at=at)
    reservations.fill(session, version.programme_id, by=by, at=at)
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
    terms = parse_terms(text, file=file)
    if missing := unstated(terms, read_announcement(text, file=file), file=file):
        raise FileRefused(problems=missing)
    return terms


def _hold(session: Session, programme: Programme) -> None:
    """One version at a time is numbered or put in force."""
    session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update(key_share=True))


def _budget(version: ProgrammeVersion) -> dict[int, dict[str, int]]:
    """Fiscal year -> funding source -> won, as the version states it."""
    by_year: dict[int, dict[str, int]] = defaultdict(dict)
    for line in programmes.read(version).announcement.budget:
        by_year[line.fiscal_year][line.source] = line.amount
    return by_year


def _opened(session: Session, version: ProgrammeVersion) -> dict[int, dict[str, int]]:
    """The same as it was opened: supplementary budgets, transfers and what was carried over came later."""
    by_year: dict[int, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(BudgetLine.fiscal_year, BudgetLine.source, Posting.amount)
        .join(Posting, Posting.budget_line_id == BudgetLine.id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .where(BudgetLine.programme_id == version.programme_id, LedgerEntry.source_key.startswith("appropriate:"))
        .order_by(BudgetLine.id)
    )
    for year, source, amount in rows:
        by_year[year][source] = amount
    return by_year


def _refuse_other_budget(session: Session, version: ProgrammeVersion, budget: dict[int, dict[str, int]]) -> None:
    wrong = [
        Problem("budget_is_open", "budget", f"{year} {source}")
        for year, opened in sorted(_opened(session, version).items())
        for source in dict.fromkeys([*opened, *budget.get(year, {})])
        if opened.get(source, 0) != budget.get(year, {}).get(source, 0)
    ]
    if wrong:
        raise Conflict(problems=wrong)


def _refuse_other_commitment(session: Session, version: ProgrammeVersion) -> None:
    """Who handed in under one rule is not put behind others by another."""
    accepted = select(Application.version_id).where(
        Application.programme_id == version.programme_id, Application.queue_number.is_not(None)
    )
    last = session.scalar(accepted.order_by(Application.queue_number.desc()).limit(1))
    rule = programmes.read(version).announcement.call.commitment
    if last is not None and programmes.version(session, last).announcement.call.commitment != rule:
        raise Conflict(problems=[Problem("commitment_is_fixed", "call.commitment", rule)])


def _open_budget(
    session: Session, version: ProgrammeVersion, budget: dict[int, dict[str, int]], *, by: Actor, at: datetime
) -> None:
    for year in sorted(budget.keys() - _opened(session, version).keys()):
        ledger.appropriate(
            session,
            programme_id=version.programme_id,
            organisation_id=version.programme.organisation_id,
            fiscal_year=year,
            amounts=budget[year],
            by=by,
            at=at,
        )
