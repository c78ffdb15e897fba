"""The budget ledger: budget lines with their guard, entries and postings. Entries and postings are append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.ledger import Account, PostingKind
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref


class BudgetLine(Model):
    """What may be spent from one source: of `total` (appropriated) `used` = committed + paid + revenue; CHECK (I2).

    Both are the guard of the conditional UPDATE, never a source for reports: those add up postings.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("programme_id", "fiscal_year", "source"),
        CheckConstraint("used >= 0 AND used <= total", name="not_overspent"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"))
    fiscal_year: Mapped[int]
    source: Mapped[str]
    total: Mapped[int]
    used: Mapped[int]


class LedgerEntry(Model):
    """One happening; `source_key` names what caused it and makes a second posting of the same impossible."""

    __tablename__ = "ledger_entry"
    __table_args__ = (CheckConstraint(one_of("kind", PostingKind), name="kind"), {"sqlite_strict": True})

    id: Mapped[Key]
    source_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[PostingKind] = mapped_column(Choice(PostingKind))
    posted_on: Mapped[date]
    posted_at: Mapped[datetime]
    posted_by: Mapped[int] = ref("account.id")
    application_id: Mapped[int | None] = ref("application.id")
    note: Mapped[str]

    postings: Mapped[list[Posting]] = relationship(back_populates="entry")


class Posting(Model):
    """`amount` won move from `credit` to `debit`: zero-sum by its shape."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit <> credit", name="accounts"),
        CheckConstraint(one_of("debit", Account), name="debit"),
        CheckConstraint(one_of("credit", Account), name="credit"),
        UniqueConstraint("entry_id", "budget_line_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_entry.id"))
    budget_line_id: Mapped[int] = ref("budget_line.id")
    debit: Mapped[Account] = mapped_column(Choice(Account))
    credit: Mapped[Account] = mapped_column(Choice(Account))
    amount: Mapped[int]

    entry: Mapped[LedgerEntry] = relationship(back_populates="postings")
