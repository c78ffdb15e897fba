"""Adds up a year's ledger movements by month and kind, for the execution report and the settlement report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text as TextType
from sqlalchemy import case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.execution import Execution, Line, Movement, rows
from portal.domain.ledger import CARRIED
from portal.domain.periods import Month, first_day, last_day
from portal.models.accounts import Organisation
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme
from portal.queries.ledger import closing


def years(session: Session, by: Actor) -> list[int]:
    """The budget years of the person's organisation, newest first."""
    found = select(BudgetLine.fiscal_year).where(BudgetLine.organisation_id == by.organisation_id).distinct()
    return list(session.scalars(found.order_by(BudgetLine.fiscal_year.desc())))


def execution(
    session: Session,
    year: int,
    month: Month,
    labels: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    programme: str = "",
) -> Execution:
    """예산집행현황 of the person's organisation for a budget year, entries dated up to the month's end.

    `labels`: source -> its name; `programme`: a code, to have that one alone. Raises NotFound where the year has no
    budget, TotalsDiffer where a line does not add up. Three statements.
    """
    query = (
        select(BudgetLine, Programme.code, Programme.name)
        .join(Programme, Programme.id == BudgetLine.programme_id)
        .where(BudgetLine.organisation_id == by.organisation_id, BudgetLine.fiscal_year == year)
        .order_by(Programme.id, BudgetLine.id)
    )
    lines = [
        Line(line.id, code, name, year, line.source, labels.get(line.source, line.source))
        for line, code, name in session.execute(query.where(Programme.code == programme) if programme else query)
    ]
    if not lines:
        raise NotFound(f"no budget of {year}")
    office = session.get_one(Organisation, by.organisation_id)
    movements, cut_off = _movements(session, [line.line_id for line in lines], month)
    return Execution(office.name, office.code, year, month, at, cut_off, rows(lines, movements))


def _movements(session: Session, line_ids: list[int], month: Month) -> tuple[list[Movement], int]:
    opening = LedgerEntry.source_key == literal("appropriate:") + cast(BudgetLine.programme_id, TextType) + ":" + cast(
        BudgetLine.fiscal_year, TextType
    )
    first, this_month = case((opening, 1), else_=0), case((LedgerEntry.posted_on >= first_day(month), 1), else_=0)
    carried = LedgerEntry.source_key.startswith(CARRIED)
    closes = case((or_(closing(), carried), 1), else_=0)
    found = session.execute(
        select(
            Posting.budget_line_id,
            LedgerEntry.kind,
            Posting.debit,
            Posting.credit,
            first,
            closes,
            this_month,
            func.sum(Posting.amount),
            func.max(LedgerEntry.id),
        )
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(Posting.budget_line_id.in_(line_ids), LedgerEntry.posted_on <= last_day(month))
        .group_by(Posting.budget_line_id, LedgerEntry.kind, Posting.debit, Posting.credit, first, closes, this_month)
    ).all()
    movements = [
        Movement(line, kind, debit, credit, bool(opens), bool(over), bool(now), int(won))
        for line, kind, debit, credit, opens, over, now, won, _ in found
    ]
    return movements, max((entry for *_, entry in found), default=0)
