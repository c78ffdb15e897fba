"""Payment runs, the payments in them with their funding split, and the bank's result files."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.payments import LIVE, Channel, PaymentStatus, RunStatus
from portal.models.base import BigInt, Choice, Encrypted, Key, Model, one_of, ref
from portal.models.claims import Claim

_LIVE = text(one_of("status", LIVE))


class PaymentRun(Model):
    """`channel` and `bank_file_sha256` are set once, at release: downloading again returns the same bytes.

    `payment_count` and `total` are of the payments that were not held back.
    """

    __tablename__ = "payment_run"
    __table_args__ = (
        CheckConstraint(one_of("status", RunStatus), name="status"),
        CheckConstraint("payment_count > 0 AND total >= 0", name="totals"),
        CheckConstraint(f"channel IS NULL OR {one_of('channel', Channel)}", name="channel"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    programme_id: Mapped[int] = ref("programme.id")
    reference: Mapped[str] = mapped_column(unique=True)
    status: Mapped[RunStatus] = mapped_column(Choice(RunStatus))
    payment_count: Mapped[int]
    total: Mapped[int]
    prepared_by: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    released_at: Mapped[datetime | None]
    channel: Mapped[Channel | None] = mapped_column(Choice(Channel))
    bank_file_sha256: Mapped[str | None]

    payments: Mapped[list[Payment]] = relationship(back_populates="run", order_by="Payment.id")


class Payment(Model):
    """One transfer for one claim, to the account as it stood when the run was prepared. `reference` is our bank id.

    `amount` is what the bank moves, `netted` what is kept back for recoveries: together the claim's `payable`.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint(one_of("status", PaymentStatus), name="status"),
        CheckConstraint("amount >= 0 AND netted >= 0 AND amount + netted > 0", name="amount"),
        # Invariant I4: at most one living payment for a claim.
        Index("uq_payment_live", "claim_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    run_id: Mapped[int] = ref("payment_run.id")
    claim_id: Mapped[int] = ref("claim.id")
    reference: Mapped[str] = mapped_column(unique=True)
    amount: Mapped[int]
    netted: Mapped[int] = mapped_column(default=0)
    bank_code: Mapped[str]
    account_number: Mapped[str] = mapped_column(Encrypted("payment.account_number"))
    account_holder: Mapped[str]
    status: Mapped[PaymentStatus] = mapped_column(Choice(PaymentStatus))
    reason: Mapped[str | None]
    bank_reference: Mapped[str | None]
    executed_on: Mapped[date | None]
    letter_id: Mapped[int | None] = ref("letter.id")

    run: Mapped[PaymentRun] = relationship(back_populates="payments")
    claim: Mapped[Claim] = relationship()
    shares: Mapped[list[PaymentShare]] = relationship(cascade="all, delete-orphan")
    nettings: Mapped[list[PaymentNetting]] = relationship(cascade="all, delete-orphan")

    @property
    def whole(self) -> int:
        """What the claim comes to."""
        return self.amount + self.netted


class PaymentNetting(Model):
    """What a payment is to net of one part of a recovery; it counts once the payment is done."""

    __tablename__ = "payment_netting"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"), {"sqlite_strict": True})

    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payment.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(BigInt, ForeignKey("recovery_part.id"), primary_key=True, index=True)
    amount: Mapped[int]


class PaymentShare(Model):
    """What a source gives: `amount` through the bank, `netted` against what it gets back by recoveries."""

    __tablename__ = "payment_share"
    __table_args__ = (CheckConstraint("amount >= 0 AND netted >= 0", name="amount"), {"sqlite_strict": True})

    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payment.id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    netted: Mapped[int] = mapped_column(default=0)

    @property
    def whole(self) -> int:
        """What the source's budget pays of the claim."""
        return self.amount + self.netted


class BankResultFile(Model):
    """A results file taken in; the same bytes again are the same answer."""

    __tablename__ = "bank_result_file"
    __table_args__ = (UniqueConstraint("run_id", "sha256"), {"sqlite_strict": True})

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payment_run.id"))
    sha256: Mapped[str]
    filename: Mapped[str]
    done: Mapped[int]
    refused: Mapped[int]
    unknown: Mapped[int]
    returned: Mapped[int]
    imported_by: Mapped[int] = ref("account.id")
    imported_at: Mapped[datetime]
