"""Objections of merchants to decisions, each with its own number, clock, answer and letters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.objections import Against, ObjectionStatus, Outcome
from portal.models.applications import Application
from portal.models.base import Choice, Key, Model, one_of, ref
from portal.models.letters import Letter
from portal.models.merchants import Merchant

_COUNTS = text("status <> 'withdrawn'")


class Objection(Model):
    """`letter_id`: the letter that told of the decision; `act`, `reply_article`, `due_on`: the office's clock.

    `at_stake`: won that it is about, which decide whose band it is; `amount`: the new won of what is upheld in part.
    """

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(one_of("status", ObjectionStatus), name="status"),
        CheckConstraint(one_of("against", Against), name="against"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome"),
        CheckConstraint("(against = 'recovery') = (recovery_id IS NOT NULL)", name="recovery"),
        CheckConstraint("at_stake >= 0 AND (amount IS NULL OR amount > 0)", name="amounts"),
        CheckConstraint(
            "status NOT IN ('granted', 'partly_granted', 'dismissed', 'inadmissible')"
            " OR (outcome IS NOT NULL AND decided_by IS NOT NULL)",
            name="decided",
        ),
        # A decision is objected to once; who withdrew may come again while the time lasts.
        Index("uq_objection_counting", "letter_id", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index("ix_objection_organisation_id_status_due_on", "organisation_id", "status", "due_on"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    merchant_id: Mapped[int] = ref("merchant.id")
    application_id: Mapped[int] = ref("application.id")
    recovery_id: Mapped[int | None] = ref("recovery.id")
    letter_id: Mapped[int] = ref("letter.id", index=False)
    number: Mapped[str] = mapped_column(unique=True)
    against: Mapped[Against] = mapped_column(Choice(Against))
    status: Mapped[ObjectionStatus] = mapped_column(Choice(ObjectionStatus))
    at_stake: Mapped[int]
    act: Mapped[str]
    appeal_article: Mapped[str]
    appeal_until: Mapped[date]
    purport: Mapped[str]
    reasons: Mapped[str]
    phone: Mapped[str]
    document_sha256: Mapped[str | None]
    document_name: Mapped[str | None]
    document_type: Mapped[str | None]
    filed_by: Mapped[int] = ref("account.id", index=False)
    filed_at: Mapped[datetime]
    reply_article: Mapped[str]
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    extended_at: Mapped[datetime | None]
    extension_reason: Mapped[str]
    extension_letter_id: Mapped[int | None] = ref("letter.id", index=False)
    handler_id: Mapped[int | None] = ref("account.id", index=False)
    outcome: Mapped[Outcome | None] = mapped_column(Choice(Outcome))
    amount: Mapped[int | None]
    answer: Mapped[str]
    drafted_by: Mapped[int | None] = ref("account.id", index=False)
    drafted_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
    result_letter_id: Mapped[int | None] = ref("letter.id", index=False)

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
    application: Mapped[Application] = relationship()
    letter: Mapped[Letter] = relationship(foreign_keys=[letter_id])
