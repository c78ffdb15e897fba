"""Applications for support with their consents, evidence documents, checklist marks and supplement requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.applications import ApplicationStatus, Consent
from portal.domain.supplement_parts import Change, Standing, changes
from portal.models.base import BigInt, Choice, Key, Model, Trace, one_of, ref
from portal.models.clocks import ProcessingExtension
from portal.models.merchants import Merchant
from portal.models.programmes import ProgrammeVersion
from portal.models.supplement_parts import SupplementPart

_ALIVE = text("status NOT IN ('withdrawn', 'rejected', 'returned')")


class Application(Model):
    """`queue_number` orders applications by acceptance, never by the clock (invariant I20). Amounts in won.

    `due_on`: by when the office answers; `reviewer_id`: the officer in charge, who took the case up or was assigned it
    (portal/services/charges.py writes it); `return_reasons`: why it was returned without a decision (반려);
    `reopened_at`: when an objection was granted and all began anew; `mandate_id`: by which mandate somebody entered it
    in the merchant's place; `track`: by which of the programme's ways, empty where it has none.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(one_of("status", ApplicationStatus), name="status"),
        CheckConstraint("total_cost IS NULL OR total_cost >= 0", name="total_cost"),
        CheckConstraint("requested_amount IS NULL OR requested_amount >= 0", name="requested_amount"),
        UniqueConstraint("programme_id", "queue_number"),
        Index("ix_application_programme_id_status_id", "programme_id", "status", "id"),
        # A business has at most one living application in a programme.
        Index(
            "uq_application_alive",
            "programme_id",
            "merchant_id",
            unique=True,
            sqlite_where=_ALIVE,
            postgresql_where=_ALIVE,
        ),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"))
    version_id: Mapped[int] = ref("programme_version.id")
    merchant_id: Mapped[int] = ref("merchant.id")
    status: Mapped[ApplicationStatus] = mapped_column(Choice(ApplicationStatus))
    receipt_number: Mapped[str | None] = mapped_column(unique=True)
    queue_number: Mapped[int | None]
    plan: Mapped[str] = mapped_column(default="")
    total_cost: Mapped[int | None]
    requested_amount: Mapped[int | None]
    contact_phone: Mapped[str] = mapped_column(default="")
    findings: Mapped[Any | None] = mapped_column(Trace)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    reviewer_id: Mapped[int | None] = ref("account.id")
    return_reasons: Mapped[str] = mapped_column(default="", server_default="")
    reopened_at: Mapped[datetime | None]
    mandate_id: Mapped[int | None] = ref("mandate.id", index=False)
    track: Mapped[str] = mapped_column(default="", server_default="")

    version: Mapped[ProgrammeVersion] = relationship(lazy="joined", innerjoin=True)
    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
    consents: Mapped[list[ConsentGiven]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    answers: Mapped[list[ApplicationAnswer]] = relationship(
        order_by="ApplicationAnswer.code", cascade="all, delete-orphan"
    )
    documents: Mapped[list[Document]] = relationship(order_by="Document.id")
    supplements: Mapped[list[Supplement]] = relationship(order_by="Supplement.id")
    extensions: Mapped[list[ProcessingExtension]] = relationship(order_by="ProcessingExtension.id")

    @property
    def answered(self) -> dict[str, str]:
        """The answers to the programme's own questions, by the question's code."""
        return {row.code: row.value for row in self.answers}

    @property
    def clock_began_at(self) -> datetime:
        """When the time for the answer began: at acceptance, or anew when the case was reopened."""
        return self.reopened_at or self.submitted_at or self.changed_at

    @property
    def asked_for(self) -> list[Supplement]:
        """The requests for supplement that count: those since the time for the answer began."""
        began = self.reopened_at
        return [asked for asked in self.supplements if began is None or asked.requested_at >= began]


class ConsentGiven(Model):
    __tablename__ = "consent"
    __table_args__ = (CheckConstraint(one_of("code", Consent), name="code"), {"sqlite_strict": True})

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    code: Mapped[Consent] = mapped_column(Choice(Consent), primary_key=True)
    given_at: Mapped[datetime]


class ApplicationAnswer(Model):
    """The answer to a question of the programme's own, as it was written; a paper is a document of the same code."""

    __tablename__ = "application_answer"
    __table_args__ = (CheckConstraint("value <> ''", name="value"), {"sqlite_strict": True})

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Document(Model):
    """An uploaded evidence file: the bytes lie in the object store under `sha256`; a removed one stays on record."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_document_sha256", "sha256"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id")
    code: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Supplement(Model):
    """A request for supplement (보완요구) and its answer. `due_on` moves with its extensions; `days_late`: of the
    answer, after the last day."""

    __tablename__ = "supplement"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id")
    items: Mapped[str]
    requested_by: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    days_late: Mapped[int] = mapped_column(default=0, server_default="0")

    parts: Mapped[list[SupplementPart]] = relationship(order_by="SupplementPart.position")

    @property
    def answered(self) -> bool:
        return self.answered_at is not None

    @property
    def named(self) -> list[str]:
        """The parts that it names, in the order of the application's pages."""
        return [part.code for part in self.parts if part.standing is Standing.NAMED]

    @property
    def changes(self) -> list[Change]:
        """What its answer changed; nothing before."""
        then = {part.code: part.before for part in self.parts if self.answered}
        return changes(then, {part.code: part.after or "" for part in self.parts})


class Decision(Model):
    """The recommendation and, once taken, the decision on an application, with the version of the terms it rests on."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("proposed IN ('approve', 'reject')", name="proposed"),
        CheckConstraint("outcome IS NULL OR outcome IN ('approve', 'reject')", name="outcome"),
        CheckConstraint("amount >= 0", name="amount"),
        {"sqlite_strict": True},
    )

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    version_id: Mapped[int] = ref("programme_version.id")
    proposed: Mapped[str]
    reasons: Mapped[str]
    checklist: Mapped[Any] = mapped_column(Trace)
    recommended_by: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    recommended_at: Mapped[datetime]
    outcome: Mapped[str | None]
    amount: Mapped[int] = mapped_column(default=0)
    decided_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
