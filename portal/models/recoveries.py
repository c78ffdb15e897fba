"""Recoveries: cases, their principal by payment and source, and the append-only record of charges and receipts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.recoveries import LIVING, ChargeKind, Origin, ReceiptKind, RecoveryStatus
from portal.domain.recovery_rates import Cause
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref
from portal.models.invoices import VendorInvoice
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.models.programmes import Programme
from portal.models.proposals import Proposal

_LIVING = text(one_of("status", LIVING))


class Recovery(Model):
    """One case about a merchant's month; with an `invoice_id` the firm that was paid owes it, and not the merchant.

    `amount`: principal asked for; `demanded`, `fulfilled`: principal ordered and
    come back (netted and written off too), the guard of the conditional UPDATE; reports add up receipts.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint(one_of("status", RecoveryStatus), name="status"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint(one_of("cause", Cause), name="cause"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("fulfilled >= 0 AND fulfilled <= demanded", name="fulfilled"),
        # One living case for a merchant's month: what was asked back is asked once.
        Index(
            "uq_recovery_living", "programme_id", "merchant_id", "period", unique=True,
            sqlite_where=_LIVING, postgresql_where=_LIVING,
        ),
        Index("ix_recovery_organisation_id_status", "organisation_id", "status"),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    programme_id: Mapped[int] = ref("programme.id")
    merchant_id: Mapped[int] = ref("merchant.id")
    application_id: Mapped[int] = ref("application.id")
    invoice_id: Mapped[int | None] = ref("vendor_invoice.id")
    period: Mapped[str]
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    cause: Mapped[Cause] = mapped_column(Choice(Cause))
    amount: Mapped[int]
    reason: Mapped[str]
    status: Mapped[RecoveryStatus] = mapped_column(Choice(RecoveryStatus))
    opened_by: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    noticed_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    noticed_on: Mapped[date | None]
    opinion_due_on: Mapped[date | None]
    opinion: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    heard: Mapped[str | None]
    waive_surcharge: Mapped[bool] = mapped_column(default=False)
    drafted_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    pay_days: Mapped[int | None]
    ordered_on: Mapped[date | None]
    due_on: Mapped[date | None]
    demanded: Mapped[int] = mapped_column(default=0)
    fulfilled: Mapped[int] = mapped_column(default=0)
    netting_agreed_at: Mapped[datetime | None]
    closing_reason: Mapped[str | None]
    document_sha256: Mapped[str | None]
    document_name: Mapped[str | None]
    document_type: Mapped[str | None]

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
    invoice: Mapped[VendorInvoice | None] = relationship()
    parts: Mapped[list[RecoveryPart]] = relationship(order_by="RecoveryPart.id", cascade="all, delete-orphan")
    charges: Mapped[list[RecoveryCharge]] = relationship(order_by="RecoveryCharge.id")
    receipts: Mapped[list[RecoveryReceipt]] = relationship(order_by="RecoveryReceipt.id")
    instalments: Mapped[list[RecoveryInstalment]] = relationship(
        order_by="RecoveryInstalment.number", cascade="all, delete-orphan"
    )

    @property
    def debtor(self) -> Merchant | Proposal:
        """Who owes it."""
        return self.merchant if self.invoice is None else self.invoice.proposal

    @property
    def payee_key(self) -> tuple[int | None, int | None]:
        """Whose payments net it, as claims say whom they pay."""
        return (self.merchant_id, None) if self.invoice is None else (None, self.invoice.proposal_id)


class RecoveryPart(Model):
    """Principal that one source gets back of one payment; replaced by a new draft, fixed by the order."""

    __tablename__ = "recovery_part"
    __table_args__ = (
        CheckConstraint("principal > 0", name="principal"),
        UniqueConstraint("recovery_id", "payment_id", "source"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    recovery_id: Mapped[int] = mapped_column(BigInt, ForeignKey("recovery.id"))
    payment_id: Mapped[int] = ref("payment.id")
    source: Mapped[str]
    claimed: Mapped[str]
    principal: Mapped[int]

    payment: Mapped[Payment] = relationship()


class RecoveryCharge(Model):
    """One line of an order or a late charge, with the article and the row of the rate it rests on. Append-only."""

    __tablename__ = "recovery_charge"
    __table_args__ = (
        CheckConstraint(one_of("kind", ChargeKind), name="kind"),
        CheckConstraint("amount > 0 AND base > 0 AND months >= 0", name="amounts"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    recovery_id: Mapped[int] = ref("recovery.id")
    kind: Mapped[ChargeKind] = mapped_column(Choice(ChargeKind))
    source: Mapped[str]
    amount: Mapped[int]
    act: Mapped[str]
    article: Mapped[str]
    base: Mapped[int]
    percent: Mapped[str]
    months: Mapped[int]
    valid_from: Mapped[date | None]
    unverified: Mapped[bool]
    charged_on: Mapped[date]


class RecoveryReceipt(Model):
    """What came in, was netted or given up, and how it fell on what was owed. Append-only; `source_key` names its cause
    (the bank's reference, the payment), so that nothing counts twice.
    """

    __tablename__ = "recovery_receipt"
    __table_args__ = (
        CheckConstraint(one_of("kind", ReceiptKind), name="kind"),
        CheckConstraint(
            "amount > 0 AND principal >= 0 AND interest >= 0 AND surcharge >= 0 AND late >= 0"
            " AND principal + interest + surcharge + late = amount",
            name="amounts",
        ),
        CheckConstraint("(kind = 'netted') = (payment_id IS NOT NULL)", name="netted"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    recovery_id: Mapped[int] = ref("recovery.id")
    kind: Mapped[ReceiptKind] = mapped_column(Choice(ReceiptKind))
    source_key: Mapped[str] = mapped_column(unique=True)
    amount: Mapped[int]
    principal: Mapped[int]
    interest: Mapped[int]
    surcharge: Mapped[int]
    late: Mapped[int]
    reference: Mapped[str]
    payment_id: Mapped[int | None] = ref("payment.id")
    received_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

    shares: Mapped[list[RecoveryReceiptShare]] = relationship()


class RecoveryReceiptShare(Model):
    """The principal of a receipt by part, and so by payment and source. Append-only."""

    __tablename__ = "recovery_receipt_share"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("receipt_id", "part_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    receipt_id: Mapped[int] = mapped_column(BigInt, ForeignKey("recovery_receipt.id"))
    part_id: Mapped[int] = ref("recovery_part.id")
    amount: Mapped[int]

    part: Mapped[RecoveryPart] = relationship()


class RecoveryInstalment(Model):
    """One payment of a schedule, as proposed; binding once it is approved."""

    __tablename__ = "recovery_instalment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"), {"sqlite_strict": True})

    recovery_id: Mapped[int] = mapped_column(BigInt, ForeignKey("recovery.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    amount: Mapped[int]


class RecoveryLetter(Model):
    """Which letters are about a case."""

    __tablename__ = "recovery_letter"
    __table_args__ = ({"sqlite_strict": True},)

    recovery_id: Mapped[int] = mapped_column(BigInt, ForeignKey("recovery.id"), primary_key=True)
    letter_id: Mapped[int] = mapped_column(BigInt, ForeignKey("letter.id"), primary_key=True, index=True)


class Overclaim(Model):
    """What a run found a merchant's month to be claimed too much for; the last run of a programme counts."""

    __tablename__ = "overclaim"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"), {"sqlite_strict": True})

    run_id: Mapped[int] = mapped_column(BigInt, ForeignKey("assessment_run.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("merchant.id"), primary_key=True)
    amount: Mapped[int]

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
