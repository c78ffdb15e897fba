"""Adds up the budget ledger; balances are computed from postings, never stored (invariant I3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, CompoundSelect, String, and_, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.ledger import CLOSING, Account, PostingKind
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme

PAGE = 50
_CLOSED_OUT = "closed_out"


@dataclass(frozen=True, slots=True)
class Balance:
    """One budget line in won: 예산현액, of which available, committed (promised, unpaid) and paid.

    `revenue` came back after the year was closed; `receivable` is ordered back and not back yet; `closed_out` went to
    the next year or was left unused when the year was closed (이월, 불용).
    """

    programme_id: int
    fiscal_year: int
    source: str
    appropriated: int
    available: int
    committed: int
    paid: int
    revenue: int
    receivable: int
    closed_out: int = 0

    @property
    def granted(self) -> int:
        """교부결정액: what decisions promised, paid or not."""
        return self.committed + self.paid

    @property
    def commitment_rate(self) -> Decimal:
        """교부 집행률, a fraction of 예산현액; not to be confused with 실집행률."""
        return Decimal(self.granted) / self.appropriated if self.appropriated else Decimal(0)

    @property
    def disbursement_rate(self) -> Decimal:
        """실집행률: what reached merchants, a fraction of 예산현액."""
        return Decimal(self.paid) / self.appropriated if self.appropriated else Decimal(0)


@dataclass(frozen=True, slots=True)
class Book:
    """The budget of one programme and year: its lines by source, and all of them together."""

    programme: str
    fiscal_year: int
    lines: list[Balance]
    whole: Balance


@dataclass(frozen=True, slots=True)
class Line:
    """One posting of an entry: won of one source."""

    source: str
    fiscal_year: int
    debit: Account
    credit: Account
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the ledger page and the auditor read it, with a line for each source."""

    id: int
    posted_on: date
    kind: PostingKind
    source_key: str
    note: str
    lines: list[Line]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first; `earlier`: the entry to go on from, None at the end."""

    entries: list[Entry]
    earlier: int | None


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
            appropriated=sums[line.id][_CLOSED_OUT] - sums[line.id][Account.SOURCE],
            available=sums[line.id][Account.AVAILABLE],
            committed=sums[line.id][Account.COMMITTED],
            paid=sums[line.id][Account.PAID],
            revenue=sums[line.id][Account.REVENUE],
            receivable=sums[line.id][Account.RECEIVABLE],
            closed_out=sums[line.id][_CLOSED_OUT],
        )
        for line in session.scalars(query)
    ]


def closing() -> ColumnElement[bool]:
    """Of an entry: whether closing a year made it and the year's appropriation stays what it was."""
    return or_(
        *(and_(LedgerEntry.kind == kind, LedgerEntry.source_key.startswith(key)) for kind, key in CLOSING.items())
    )


def books(session: Session, by: Actor) -> list[Book]:
    """The organisation's budgets by programme and year, newest year first."""
    found: dict[tuple[int, int], list[Balance]] = defaultdict(list)
    for balance in balances(session, organisation_id=by.organisation_id):
        found[-balance.fiscal_year, balance.programme_id].append(balance)
    names = select(Programme.id, Programme.name).where(Programme.organisation_id == by.organisation_id)
    programmes = dict(session.execute(names).all())
    return [Book(programmes[key[1]], -key[0], lines, _together(lines)) for key, lines in sorted(found.items())]


def _together(lines: list[Balance]) -> Balance:
    first = lines[0]
    names = ("appropriated", "available", "committed", "paid", "revenue", "receivable", "closed_out")
    sums = [sum(getattr(line, name) for line in lines) for name in names]
    return Balance(first.programme_id, first.fiscal_year, "", *sums)


def page(session: Session, by: Actor, *, before: int | None = None, size: int = PAGE) -> Page:
    """A page of the organisation's entries with their postings, newest first; `before` is an entry id."""
    mine = select(BudgetLine.id).where(BudgetLine.organisation_id == by.organisation_id)
    posted = select(Posting.id).where(Posting.entry_id == LedgerEntry.id, Posting.budget_line_id.in_(mine)).exists()
    entries = select(LedgerEntry.id).where(posted).order_by(LedgerEntry.id.desc()).limit(size + 1)
    if before is not None:
        entries = entries.where(LedgerEntry.id < before)
    numbers = session.scalars(entries).all()
    rows = session.execute(
        select(
            LedgerEntry.id,
            LedgerEntry.posted_on,
            LedgerEntry.kind,
            LedgerEntry.source_key,
            LedgerEntry.note,
            BudgetLine.source,
            BudgetLine.fiscal_year,
            Posting.debit,
            Posting.credit,
            Posting.amount,
        )
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(LedgerEntry.id.in_(numbers[:size]))
        .order_by(LedgerEntry.id.desc(), Posting.id)
    )
    found: dict[int, Entry] = {}
    for number, posted_on, kind, source_key, note, source, year, debit, credit, amount in rows:
        entry = found.setdefault(number, Entry(number, posted_on, kind, source_key, note, []))
        entry.lines.append(Line(source, year, debit, credit, amount))
    return Page(list(found.values()), numbers[size - 1] if len(numbers) > size else None)


def committed_from(session: Session, application_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Application id -> funding source -> the budget line that it is committed from, the last if carried over."""
    rows = session.execute(
        select(LedgerEntry.application_id, BudgetLine.source, BudgetLine.id)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(LedgerEntry.kind == PostingKind.COMMIT, LedgerEntry.application_id.in_(application_ids))
        .order_by(LedgerEntry.id)
    )
    lines: dict[int, dict[str, int]] = defaultdict(dict)
    for application_id, source, line_id in rows:
        if application_id is not None:
            lines[application_id][source] = line_id
    return dict(lines)


def commitment_left(session: Session, application_ids: Collection[int | None]) -> dict[int | None, dict[int, int]]:
    """Application id -> budget line id -> won committed for it and neither paid nor released."""
    return left_in(session, Account.COMMITTED, application_ids)


def left_in(
    session: Session,
    account: Account,
    application_ids: Collection[int | None],
    *,
    by: Collection[PostingKind] = tuple(PostingKind),
) -> dict[int | None, dict[int, int]]:
    """Application id -> budget line id -> won that came to it in an account, less what left it `by` these kinds.

    None stands for what was posted without an application.
    """
    named = [each for each in application_ids if each is not None]
    wanted = LedgerEntry.application_id.in_(named)
    if len(named) < len(application_ids):
        wanted = or_(wanted, LedgerEntry.application_id.is_(None))
    left: dict[int | None, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for moved, sign in ((Posting.debit == account, 1), (and_(Posting.credit == account, LedgerEntry.kind.in_(by)), -1)):
        rows = session.execute(
            select(LedgerEntry.application_id, Posting.budget_line_id, func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == LedgerEntry.id)
            .where(wanted, moved)
            .group_by(LedgerEntry.application_id, Posting.budget_line_id)
        )
        for application_id, line_id, won in rows:
            left[application_id][line_id] += sign * int(won)
    return left


def recovered(session: Session, programme_id: int, upto: int) -> int:
    """Won that came back from a programme's merchants by recoveries, in its year or later, up to an entry."""
    query = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .where(
            BudgetLine.programme_id == programme_id,
            LedgerEntry.kind.in_((PostingKind.RECOVER, PostingKind.RECOVER_LATE)),
            LedgerEntry.id <= upto,
        )
    )
    return int(session.scalar(query) or 0)


def sources(session: Session, line_ids: Collection[int]) -> dict[int, str]:
    """Budget line id -> its funding source."""
    rows = session.execute(select(BudgetLine.id, BudgetLine.source).where(BudgetLine.id.in_(line_ids)))
    return dict(rows.all())


def last_entry(session: Session) -> int:
    """The id of the last entry: the cut-off that a report names."""
    return session.scalar(select(func.max(LedgerEntry.id))) or 0


def _movements(upto: int | None) -> CompoundSelect:
    """(budget line, account, won): every posting twice, plus where it goes and minus where it comes from.

    What closing a year gave away stands there once more, as an account of its own.
    """
    both = []
    for side, sign in ((Posting.debit, 1), (Posting.credit, -1)):
        account = type_coerce(side, String)  # as it is written: the union holds more than accounts
        query = select(Posting.budget_line_id, account, func.sum(sign * Posting.amount))
        if upto is not None:
            query = query.where(Posting.entry_id <= upto)
        both.append(query.group_by(Posting.budget_line_id, side))
    closed = select(Posting.budget_line_id, literal(_CLOSED_OUT), func.sum(Posting.amount)).join(LedgerEntry)
    closed = closed.where(closing()).group_by(Posting.budget_line_id)
    return both[0].union_all(both[1], closed if upto is None else closed.where(Posting.entry_id <= upto))
