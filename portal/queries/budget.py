"""Looks up budget lines: what is left for the next decision, and locks them for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.errors import BudgetExhausted
from portal.models.ledger import BudgetLine


@dataclass(frozen=True, slots=True)
class Room:
    """What one source of a year still holds, in won."""

    line_id: int
    source: str
    total: int
    left: int


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


def _lines(
    programme_id: int, fiscal_year: int, last: ColumnElement[int] | InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    return (
        select(BudgetLine.id, BudgetLine.source, BudgetLine.total, last)
        .where(BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == fiscal_year)
        .order_by(BudgetLine.id)
    )
