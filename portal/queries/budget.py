"""Looks up budget lines: what is left for the next decision, and the balances that postings add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.errors import BudgetExhausted
from portal.domain.ledger import Account
from portal.models.ledger import BudgetLine, Posting


@dataclass(frozen=True, slots=True)
class Room:
    """What one source of a year still holds, in won."""

    line_id: int
    source: str
    total: int
    left: int


@dataclass(frozen=True, slots=True)
class Balance:
    """One budget line as its postings add up (invariant I3). Amounts in won."""

    line_id: int
    source: str
    appropriated: int
    available: int
    committed: int
    paid: int


def room(session: Session, programme_id: int, fiscal_year: int) -> list[Room]:
    """What the guard of each line would still let through; for deciding, not for reporting."""
    lines = session.execute(_lines(programme_id, fiscal_year, BudgetLine.total - BudgetLine.used))
    return [Room(*line) for line in lines]


def locked(session: Session, programme_id: int, fiscal_year: int) -> dict[str, int]:
    """Source -> budget line id, locked until the transaction ends. Raises BudgetExhausted where the year has none.

    Budget lines are locked before anything else, by id: two decisions at once then wait for each other, never both.
    """
    lines = session.execute(_lines(programme_id, fiscal_year, BudgetLine.used).with_for_update(key_share=True)).all()
    if not lines:
        raise BudgetExhausted(f"no budget of {fiscal_year}")
    return {line.source: line.id for line in lines}


def balances(session: Session, programme_id: int, fiscal_year: int) -> list[Balance]:
    """The lines of a year with their balances, each the sum of postings."""
    rows = session.execute(
        select(
            BudgetLine.id,
            BudgetLine.source,
            -_balance(Account.SOURCE),
            _balance(Account.AVAILABLE),
            _balance(Account.COMMITTED),
            _balance(Account.PAID),
        )
        .outerjoin(Posting, Posting.budget_line_id == BudgetLine.id)
        .where(BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == fiscal_year)
        .group_by(BudgetLine.id, BudgetLine.source)
        .order_by(BudgetLine.id)
    )
    return [Balance(row[0], row[1], *(int(amount) for amount in row[2:])) for row in rows]


def _lines(
    programme_id: int, fiscal_year: int, last: ColumnElement[int] | InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    return (
        select(BudgetLine.id, BudgetLine.source, BudgetLine.total, last)
        .where(BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == fiscal_year)
        .order_by(BudgetLine.id)
    )


def _balance(account: Account) -> ColumnElement[int]:
    signed = case((Posting.debit == account, Posting.amount), (Posting.credit == account, -Posting.amount), else_=0)
    return func.coalesce(func.sum(signed), 0)
