"""Closing fiscal years: one person proposes how, another looks at the same figures and closes, for good.

Lock order: budget lines of the year and of the next by id, then the year; whoever posts goes the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Conflict, Incomplete, Problem
from portal.domain.fiscal_years import LIFECYCLE, Closing, Unpaid
from portal.domain.ledger import CARRIED, LAPSED, PostingKind
from portal.domain.periods import korean_date
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine
from portal.queries import audit, fiscal_years
from portal.queries import ledger as postings
from portal.services import ledger, steps

Left = Mapping[int, Mapping[int, int]]


def propose_closing(session: Session, year_id: int, command: Closing, *, by: Actor, at: datetime) -> FiscalYear:
    """Puts before another person how the year is to be closed. Raises Incomplete with all that is in the way."""
    year = _held(session, year_id, by)
    LIFECYCLE.step(year.status, "propose_closing")
    _refuse(session, year, command.unpaid, by=by, at=at)
    year.unpaid, year.lapse = command.unpaid, command.lapse
    steps.take(session, year, LIFECYCLE, "propose_closing", by=by, at=at, details=_said(command))
    return year


def keep_open(session: Session, year_id: int, *, note: str, by: Actor, at: datetime) -> FiscalYear:
    """Turns the proposal down, or takes it back."""
    year = fiscal_years.one(session, year_id, by, held=True)
    steps.take(session, year, LIFECYCLE, "keep_open", by=by, at=at, note=note)
    year.unpaid, year.lapse = None, False
    return year


def close(session: Session, year_id: int, *, seen_upto: int, by: Actor, at: datetime) -> FiscalYear:
    """Closes the year as proposed: unpaid grants carried over or given up, the rest lapsed where that was proposed.

    Raises SamePerson for whoever proposed it, Conflict where the ledger went on since `seen_upto`, Incomplete.
    """
    year = _held(session, year_id, by)
    LIFECYCLE.check(LIFECYCLE.step(year.status, "close"), by, audit.done_by(session, LIFECYCLE.noun, year.id))
    if postings.last_entry(session) != seen_upto:
        raise Conflict(problems=[Problem("ledger_went_on")])
    _refuse(session, year, year.unpaid, by=by, at=at)
    left = _left(session, year)
    if year.unpaid is Unpaid.RELEASE:
        _release(session, left, f"lapse:{year.id}", by=by, at=at)
    elif left:
        _carry_over(session, year, left, by=by, at=at)
    if year.lapse:
        _lapse(session, year, by=by, at=at)
    said = _said(Closing(year.unpaid, year.lapse))
    upto = postings.last_entry(session)
    with session.no_autoflush:  # status and cut-off are one statement: the CHECK allows neither alone
        year.closed_upto, year.closed_at = upto, at
        steps.take(session, year, LIFECYCLE, "close", by=by, at=at, details=said)
    return year


def _held(session: Session, year_id: int, by: Actor) -> FiscalYear:
    """The year with all its lines and those of the next one, locked."""
    year = fiscal_years.one(session, year_id, by)
    lines = select(BudgetLine.id).where(
        BudgetLine.organisation_id == year.organisation_id, BudgetLine.fiscal_year.in_([year.year, year.year + 1])
    )
    ledger.hold(session, session.scalars(lines).all())
    return fiscal_years.one(session, year_id, by, held=True)


def _refuse(session: Session, year: FiscalYear, unpaid: Unpaid | None, *, by: Actor, at: datetime) -> None:
    next_closed = fiscal_years.closed(session, year.organisation_id, year.year + 1)
    preview = fiscal_years.preview(session, year, by, on=korean_date(at))
    if wrong := preview.hindrances(unpaid, on=korean_date(at), next_closed=next_closed):
        raise Incomplete(problems=wrong)


def _said(command: Closing) -> dict[str, object]:
    return {"unpaid": command.unpaid, "lapse": command.lapse}


def _left(session: Session, year: FiscalYear) -> dict[int, dict[int, int]]:
    """Application id -> line of the year -> won committed and not paid."""
    lines = {line.id for line in _lines(session, year)}
    found: dict[int, dict[int, int]] = {}
    for application_id, by_line in postings.commitment_left(session, fiscal_years.granted_in(session, year)).items():
        mine = {line_id: won for line_id, won in by_line.items() if won and line_id in lines}
        if mine and application_id is not None:
            found[application_id] = mine
    return found


def _lines(session: Session, year: FiscalYear) -> list[BudgetLine]:
    query = select(BudgetLine).where(
        BudgetLine.organisation_id == year.organisation_id, BudgetLine.fiscal_year == year.year
    )
    return list(session.scalars(query.order_by(BudgetLine.id).execution_options(populate_existing=True)))


def _release(session: Session, left: Left, key: str, *, by: Actor, at: datetime) -> None:
    for application_id, by_line in sorted(left.items()):
        ledger.post(
            session,
            PostingKind.RELEASE,
            by_line,
            source_key=f"{key}:release:{application_id}",
            by=by,
            at=at,
            application_id=application_id,
        )


def _carry_over(session: Session, year: FiscalYear, left: Left, *, by: Actor, at: datetime) -> None:
    """Released here, moved with its budget to the same source of the next year, committed there (이월)."""
    key, into = f"{CARRIED}{year.id}", _lines_of_next_year(session, year, left, by=by, at=at)
    _release(session, left, key, by=by, at=at)
    moved: dict[int, int] = defaultdict(int)
    for by_line in left.values():
        for line_id, won in by_line.items():
            moved[line_id] += won
    ledger.post(session, PostingKind.TRANSFER_OUT, moved, source_key=f"{key}:out:{year.year}", by=by, at=at)
    received = {into[line_id]: won for line_id, won in moved.items()}
    ledger.post(session, PostingKind.TRANSFER_IN, received, source_key=f"{key}:in:{year.year}", by=by, at=at)
    for application_id, by_line in sorted(left.items()):
        ledger.post(
            session,
            PostingKind.COMMIT,
            {into[line_id]: won for line_id, won in by_line.items()},
            source_key=f"{key}:commit:{application_id}",
            by=by,
            at=at,
            application_id=application_id,
        )


def _lines_of_next_year(session: Session, year: FiscalYear, left: Left, *, by: Actor, at: datetime) -> dict[int, int]:
    """Line of the year -> line of the same programme and source in the next year, opened where there is none."""
    used = {line_id for by_line in left.values() for line_id in by_line}
    ledger.open_year(session, year.organisation_id, year.year + 1, by=by, at=at)
    return {
        line.id: ledger.open_line(
            session, year.organisation_id, line.programme_id, year.year + 1, line.source
        ).id
        for line in _lines(session, year)
        if line.id in used
    }  # fmt: skip


def _lapse(session: Session, year: FiscalYear, *, by: Actor, at: datetime) -> None:
    """What is left of each line is given back (불용), line by line of one entry."""
    unused = {line.id: line.total - line.used for line in _lines(session, year) if line.total > line.used}
    if unused:
        ledger.post(session, PostingKind.REDUCE, unused, source_key=f"{LAPSED}{year.id}:{year.year}", by=by, at=at)
