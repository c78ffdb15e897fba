"""Looks up budget lines: what is left for the next decision, and locks them for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

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
    """Source -> budget line id of a year; the programme's lines of all years are locked until the transaction ends.

    Budget lines are locked before anything else, by id: two decisions at once then wait for each other, never both.
    Of all years, because what was reserved in one may be decided on, or given back, in the next.
    """
    lines = session.execute(
        select(BudgetLine.id, BudgetLine.source, BudgetLine.fiscal_year)
        .where(BudgetLine.programme_id == programme_id)
        .order_by(BudgetLine.id)
        .with_for_update(key_share=True)
    )
    return {line.source: line.id for line in lines if line.fiscal_year == fiscal_year}


def beside(session: Session, line_ids: Collection[int]) -> dict[int, int]:
    """Budget line id -> programme id, of all lines of the programmes that these lines belong to: who may free money
    of one of them holds them all, because the waiting list moves up.
    """
    theirs = select(BudgetLine.programme_id).where(BudgetLine.id.in_(line_ids))
    rows = session.execute(select(BudgetLine.id, BudgetLine.programme_id).where(BudgetLine.programme_id.in_(theirs)))
    return dict(rows.all())


def _lines(
    programme_id: int, fiscal_year: int, last: ColumnElement[int] | InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    return (
        select(BudgetLine.id, BudgetLine.source, BudgetLine.total, last)
        .where(BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == fiscal_year)
        .order_by(BudgetLine.id)
    )
