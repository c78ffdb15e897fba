"""The budget ledger of one organisation and fiscal year as a journal that other accounting programs can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.ledger import Account, PostingKind
from portal.domain.money import Won


@dataclass(frozen=True, slots=True, order=True)
class BudgetAccount:
    """One account of one budget line, by the codes that name it."""

    organisation: str
    programme: str
    fiscal_year: int
    source: str
    account: Account


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` won from `credit` to `debit`."""

    debit: BudgetAccount
    credit: BudgetAccount
    amount: Won


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry of the ledger, as far as it concerns the journal's budget lines."""

    id: int
    posted_on: date
    kind: PostingKind
    source_key: str
    note: str
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Journal:
    """`entries` can be read once, in the order of the ledger; the database added up `balances` apart from them.

    `since` and `until`: the first and the last day on which something was posted; `last`: the last entry.
    """

    title: str
    since: date
    until: date
    last: int
    balances: Mapping[BudgetAccount, Won]
    entries: Iterator[JournalEntry]
