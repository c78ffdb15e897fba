"""Orders to the bank, each sent at most once, and every word of the bank about them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.bank_orders import Outcome, Source, Verdict
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref
from portal.models.payments import Payment


class BankOrder(Model):
    """A payment that the portal itself tells the bank. Due at `due_at`; held by `token` while the bank is spoken to.

    `sent_at` is committed before anything leaves. `never_heard_at`: the bank said so when that was safe to believe.
    """

    __tablename__ = "bank_order"
    __table_args__ = (
        CheckConstraint("asked >= 0 AND heard >= 0", name="counts"),
        CheckConstraint("token IS NULL OR held_until IS NOT NULL", name="held"),
        Index("ix_bank_order_due_at", "due_at"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    payment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payment.id"), unique=True)
    due_at: Mapped[datetime | None]
    token: Mapped[str | None]
    held_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(default=0)
    heard: Mapped[int] = mapped_column(default=0)
    never_heard_at: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship(lazy="joined", innerjoin=True)


class BankMessage(Model):
    """One word of the bank and what was made of it; append-only. `signature`: of a callback, which counts once."""

    __tablename__ = "bank_message"
    __table_args__ = (
        CheckConstraint(one_of("source", Source), name="source"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    payment_id: Mapped[int | None] = ref("payment.id")
    reference: Mapped[str]
    source: Mapped[Source] = mapped_column(Choice(Source))
    outcome: Mapped[Outcome] = mapped_column(Choice(Outcome))
    verdict: Mapped[Verdict] = mapped_column(Choice(Verdict))
    amount: Mapped[int | None]
    bank_reference: Mapped[str]
    reason: Mapped[str]
    executed_on: Mapped[date | None]
    received_at: Mapped[datetime]
    signature: Mapped[str | None] = mapped_column(unique=True)
