"""Reads the ledger of an organisation's fiscal year from beginning to end, for the journal; one row at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.journal import BudgetAccount, Journal, JournalEntry, Movement
from portal.domain.ledger import Account
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme
from portal.queries import accounts

_AT_ONCE = 1_000  # rows held in memory


def journal(session: Session, organisation: str, fiscal_year: int) -> Journal:
    """The journal of the budget lines of that year, in whichever year they were posted to.

    Raises NotFound where there is no such organisation, or nothing was posted to a budget of that year. The session has
    begun a transaction that sees one moment (`begin_for_reading`): else entries and balances may not belong together.
    """
    office = accounts.organisation(session, organisation)
    mine = (BudgetLine.organisation_id == office.id, BudgetLine.fiscal_year == fiscal_year)
    rows = session.execute(
        select(BudgetLine.id, Programme.code, BudgetLine.source)
        .join(Programme, Programme.id == BudgetLine.programme_id)
        .where(*mine)
    )
    lines = {line_id: (office.code, code, fiscal_year, source) for line_id, code, source in rows}
    since, until, last = session.execute(
        select(func.min(LedgerEntry.posted_on), func.max(LedgerEntry.posted_on), func.max(LedgerEntry.id))
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(*mine)
    ).one()
    if last is None:
        raise NotFound(f"{organisation} has no budget of {fiscal_year}")
    balances = {BudgetAccount(*line, account): 0 for line in lines.values() for account in Account}
    for line_id, account, won in _movements(session, mine):
        balances[BudgetAccount(*lines[line_id], Account(account))] += won
    return Journal(f"{office.name} {fiscal_year}", since, until, last, balances, _entries(session, mine, lines))


def _movements(session: Session, mine: tuple[Any, ...]) -> Iterator[tuple[int, str, int]]:
    for side, sign in ((Posting.debit, 1), (Posting.credit, -1)):
        added = (
            select(Posting.budget_line_id, side, func.sum(Posting.amount))
            .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
            .where(*mine)
            .group_by(Posting.budget_line_id, side)
        )
        for line_id, account, won in session.execute(added):
            yield line_id, account, sign * int(won)


def _entries(
    session: Session, mine: tuple[Any, ...], lines: dict[int, tuple[str, str, int, str]]
) -> Iterator[JournalEntry]:
    rows = session.execute(
        select(
            LedgerEntry.id,
            LedgerEntry.posted_on,
            LedgerEntry.kind,
            LedgerEntry.source_key,
            LedgerEntry.note,
            Posting.budget_line_id,
            Posting.debit,
            Posting.credit,
            Posting.amount,
        )
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(*mine)
        .order_by(LedgerEntry.id, Posting.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for _, group in groupby(rows, key=lambda row: row.id):
        found = list(group)
        yield JournalEntry(
            found[0].id,
            found[0].posted_on,
            found[0].kind,
            found[0].source_key,
            found[0].note,
            tuple(_movement(lines[row.budget_line_id], row.debit, row.credit, row.amount) for row in found),
        )


def _movement(line: tuple[str, str, int, str], debit: Account, credit: Account, amount: int) -> Movement:
    return Movement(BudgetAccount(*line, debit), BudgetAccount(*line, credit), amount)
