"""Looks up fiscal years: whether one is closed, what closing it would do, and entries that came too late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound, Problem
from portal.domain.fiscal_years import LIFECYCLE, Unpaid, YearStatus, hindrances, refused_by
from portal.domain.payments import ON_THE_WAY
from portal.domain.periods import fiscal_year
from portal.models.claims import Claim
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.payments import Payment
from portal.queries import audit, ledger, service_passes
from portal.queries.audit import Happening
from portal.queries.ledger import Book

_OVER = (ClaimStatus.SUPERSEDED, ClaimStatus.PAID)


@dataclass(frozen=True, slots=True)
class Preview:
    """What stands in a year's books before it is closed. `books`: by programme and source.

    Won of payments at the bank, of grants not paid, and of claims drawn up and not paid (with services in kind that
    were chosen and not invoiced yet); `upto`: the last entry seen.
    """

    year: FiscalYear
    books: Sequence[Book]
    at_the_bank: int
    committed: int
    claimed: int
    left: int
    upto: int
    actions: Sequence[str]
    timeline: Sequence[Happening]

    def hindrances(self, unpaid: Unpaid | None, *, on: date, next_closed: bool) -> list[Problem]:
        """Why it cannot be closed so."""
        return hindrances(
            self.year.year,
            on=on,
            at_the_bank=self.at_the_bank,
            committed=self.committed,
            claimed=self.claimed,
            unpaid=unpaid,
            next_closed=next_closed,
        )


def closed(session: Session, organisation_id: int, year: int) -> bool:
    """Whether the organisation's year is closed. A year nobody has opened yet is not."""
    return session.scalar(
        select(FiscalYear.id).where(
            FiscalYear.organisation_id == organisation_id,
            FiscalYear.year == year,
            FiscalYear.status == YearStatus.CLOSED,
        )
    ) is not None  # fmt: skip


def closed_for(session: Session, line_ids: Collection[int], on: date) -> list[tuple[int, int]]:
    """(line's own year, closed year) of the closed years that an entry of this day on these lines touches.

    Held until the transaction ends: whoever closes a year waits for us, and we for them.
    """
    rows = session.execute(
        select(BudgetLine.fiscal_year, FiscalYear.year, FiscalYear.status)
        .join(FiscalYear, FiscalYear.organisation_id == BudgetLine.organisation_id)
        .where(BudgetLine.id.in_(line_ids), FiscalYear.year.in_([BudgetLine.fiscal_year, fiscal_year(on)]))
        .with_for_update(read=True, of=FiscalYear)
    )
    return [(line_year, year) for line_year, year, status in rows if status == YearStatus.CLOSED]


def all_of(session: Session, by: Actor) -> Sequence[FiscalYear]:
    """The organisation's years, newest first."""
    mine = select(FiscalYear).where(FiscalYear.organisation_id == by.organisation_id)
    return session.scalars(mine.order_by(FiscalYear.year.desc())).all()


def one(session: Session, year_id: int, by: Actor, *, held: bool = False) -> FiscalYear:
    """One of them, `held`: locked until the transaction ends, as it is now. Raises NotFound."""
    query = select(FiscalYear).where(FiscalYear.id == year_id, FiscalYear.organisation_id == by.organisation_id)
    if held:
        query = query.with_for_update(of=FiscalYear).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"fiscal year {year_id}")
    return found


def preview(session: Session, year: FiscalYear, by: Actor, *, on: date) -> Preview:
    """What closing it would find."""
    books = [book for book in ledger.books(session, by) if book.fiscal_year == year.year]
    granted = _granted_in(year).subquery()
    theirs = select(granted.c.application_id)
    in_year = Claim.application_id.in_(theirs)
    at_the_bank = (
        select(func.coalesce(func.sum(Payment.amount + Payment.netted), 0))
        .join(Claim, Claim.id == Payment.claim_id)
        .where(in_year, Payment.status.in_(ON_THE_WAY))
    )
    claimed = select(func.coalesce(func.sum(Claim.payable), 0)).where(in_year, Claim.status.not_in(_OVER))
    done = audit.done_by(session, LIFECYCLE.noun, year.id)
    return Preview(
        year,
        books,
        at_the_bank=int(session.scalar(at_the_bank) or 0),
        committed=sum(book.whole.committed for book in books),
        claimed=int(session.scalar(claimed) or 0) + service_passes.promised(session, theirs, on=on),
        left=sum(book.whole.available for book in books),
        upto=ledger.last_entry(session),
        actions=LIFECYCLE.actions(year.status, by, done),
        timeline=audit.timeline(session, LIFECYCLE.noun, year.id),
    )


def granted_in(session: Session, year: FiscalYear) -> list[int]:
    """The applications for which money was committed on the year's lines."""
    return list(session.scalars(_granted_in(year)))


def _granted_in(year: FiscalYear) -> Select[Any]:
    return (
        select(LedgerEntry.application_id)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(
            BudgetLine.organisation_id == year.organisation_id,
            BudgetLine.fiscal_year == year.year,
            LedgerEntry.application_id.is_not(None),
        )
        .distinct()
        .order_by(LedgerEntry.application_id)
    )


def closed_years_untouched(session: Session) -> Iterator[str]:
    """I11: no entry is dated into a closed year, or spends from its lines, that came after the closing."""
    late = (
        select(LedgerEntry.id, LedgerEntry.kind, LedgerEntry.posted_on, BudgetLine.fiscal_year, FiscalYear.year)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .join(FiscalYear, FiscalYear.organisation_id == BudgetLine.organisation_id)
        .where(FiscalYear.status == YearStatus.CLOSED, LedgerEntry.id > FiscalYear.closed_upto)
        .order_by(LedgerEntry.id)
        .distinct()
    )
    for entry_id, kind, posted_on, line_year, year in session.execute(late):
        if refused_by(kind, posted_on, line_year, [year]) is not None:
            yield f"entry {entry_id} ({kind}, {posted_on}): the year {year} was closed before it"
