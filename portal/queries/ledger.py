"""Adds up the budget ledger; balances are computed from postings, never stored (invariant I3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CompoundSelect, func, select
from sqlalchemy.orm import Session

from portal.domain.ledger import Account
from portal.models.ledger import BudgetLine, LedgerEntry, Posting


@dataclass(frozen=True, slots=True)
class Balance:
    """One budget line in won: 예산현액, of which available, committed (promised, unpaid) and paid."""

    programme_id: int
    fiscal_year: int
    source: str
    appropriated: int
    available: int
    committed: int
    paid: int

    @property
    def granted(self) -> int:
        """교부결정액: what decisions promised, paid or not."""
        return self.committed + self.paid


@dataclass(frozen=True, slots=True)
class Line:
    """One posting as the ledger page and the auditor read it."""

    entry_id: int
    posted_on: date
    kind: str
    source: str
    fiscal_year: int
    debit: str
    credit: str
    amount: int
    source_key: str
    note: str


def balances(
    session: Session, *, organisation_id: int | None = None, programme_id: int | None = None, upto: int | None = None
) -> list[Balance]:
    """Every budget line's balance, up to a ledger entry (`upto`, included) or to the end."""
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line_id, account, amount in session.execute(_movements(upto)):
        sums[line_id][account] += int(amount)
    query = select(BudgetLine).order_by(BudgetLine.programme_id, BudgetLine.fiscal_year, BudgetLine.id)
    if organisation_id is not None:
        query = query.where(BudgetLine.organisation_id == organisation_id)
    if programme_id is not None:
        query = query.where(BudgetLine.programme_id == programme_id)
    return [
        Balance(
            line.programme_id,
            line.fiscal_year,
            line.source,
            appropriated=-sums[line.id][Account.SOURCE],
            available=sums[line.id][Account.AVAILABLE],
            committed=sums[line.id][Account.COMMITTED],
            paid=sums[line.id][Account.PAID],
        )
        for line in session.scalars(query)
    ]


def page(session: Session, organisation_id: int, *, before: int | None = None, size: int = 50) -> list[Line]:
    """A page of entries with their postings, newest first; `before` is an entry id."""
    entries = (
        select(LedgerEntry.id)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(BudgetLine.organisation_id == organisation_id)
        .distinct()
        .order_by(LedgerEntry.id.desc())
        .limit(size)
    )
    if before is not None:
        entries = entries.where(LedgerEntry.id < before)
    rows = session.execute(
        select(
            LedgerEntry.id,
            LedgerEntry.posted_on,
            LedgerEntry.kind,
            BudgetLine.source,
            BudgetLine.fiscal_year,
            Posting.debit,
            Posting.credit,
            Posting.amount,
            LedgerEntry.source_key,
            LedgerEntry.note,
        )
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(LedgerEntry.id.in_(entries))
        .order_by(LedgerEntry.id.desc(), Posting.id)
    )
    return [Line(*row) for row in rows]


def last_entry(session: Session) -> int:
    """The id of the last entry: the cut-off that a report names."""
    return session.scalar(select(func.max(LedgerEntry.id))) or 0


def _movements(upto: int | None) -> CompoundSelect:
    """(budget line, account, won): every posting twice, plus where it goes and minus where it comes from."""
    both = []
    for side, sign in ((Posting.debit, 1), (Posting.credit, -1)):
        query = select(Posting.budget_line_id, side, func.sum(sign * Posting.amount))
        if upto is not None:
            query = query.where(Posting.entry_id <= upto)
        both.append(query.group_by(Posting.budget_line_id, side))
    return both[0].union_all(both[1])
