"""Assessment runs and the monthly claims they draw up; claims of platform firms for services in kind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.claims import ClaimStatus
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref
from portal.models.invoices import VendorInvoice
from portal.models.merchants import Merchant
from portal.models.programmes import Programme, ProgrammeVersion
from portal.models.proposals import Proposal


class AssessmentRun(Model):
    """One run over stored lines. `inputs_sha256` names what it read (I9 recomputes from it), `explanation_sha256` the
    reasons of every line.
    """

    __tablename__ = "assessment_run"
    __table_args__ = (CheckConstraint("deliveries_upto >= 0", name="deliveries_upto"), {"sqlite_strict": True})

    id: Mapped[Key]
    programme_id: Mapped[int] = ref("programme.id")
    version_id: Mapped[int] = ref("programme_version.id")
    period: Mapped[str]
    deliveries_upto: Mapped[int]
    inputs_sha256: Mapped[str]
    explanation_sha256: Mapped[str]
    drawn_up_by: Mapped[int] = ref("account.id")
    drawn_up_at: Mapped[datetime]


class Claim(Model):
    """Programme x merchant x month; a later finding makes a further revision, whose `payable` is the difference.

    It rests on an assessment (`run`), or on the `invoice` of a platform firm for services that the merchant was given:
    then the firm is paid, out of the merchant's grant.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("programme_id", "merchant_id", "period", "revision"),
        CheckConstraint(one_of("status", ClaimStatus), name="status"),
        CheckConstraint("payable >= 0 AND exact_e4 >= 0 AND assessed >= payable", name="amounts"),
        CheckConstraint("(run_id IS NULL) = (invoice_id IS NOT NULL)", name="cause"),
        Index("ix_claim_programme_id_period_status", "programme_id", "period", "status"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"))
    version_id: Mapped[int] = ref("programme_version.id")
    merchant_id: Mapped[int] = ref("merchant.id")
    application_id: Mapped[int] = ref("application.id")
    run_id: Mapped[int | None] = ref("assessment_run.id")
    invoice_id: Mapped[int | None] = ref("vendor_invoice.id")
    period: Mapped[str]
    revision: Mapped[int]
    lines: Mapped[int]
    exact_e4: Mapped[int]
    assessed: Mapped[int]
    payable: Mapped[int]
    status: Mapped[ClaimStatus] = mapped_column(Choice(ClaimStatus))
    drawn_up_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[ProgrammeVersion] = relationship()
    run: Mapped[AssessmentRun | None] = relationship()
    invoice: Mapped[VendorInvoice | None] = relationship()
    parts: Mapped[list[ClaimPart]] = relationship(cascade="all, delete-orphan", order_by="ClaimPart.platform")

    @property
    def payee(self) -> Merchant | Proposal:
        """Whose account is paid: the merchant's, or the platform firm's."""
        return self.merchant if self.invoice is None else self.invoice.proposal

    @property
    def payee_key(self) -> tuple[int | None, int | None]:
        """(Merchant id, None) or (None, proposal id): one payee of several payments, whosever grants pay them."""
        return (self.merchant_id, None) if self.invoice is None else (None, self.invoice.proposal_id)


class ClaimPart(Model):
    """The claim by platform and item. `lines` and `amount` (won) are what this claim adds to those of the month before
    it, so that they add up over revisions; `amount_e4` is the whole as assessed.
    """

    __tablename__ = "claim_part"
    __table_args__ = (CheckConstraint("lines >= 0 AND amount >= 0", name="amounts"), {"sqlite_strict": True})

    claim_id: Mapped[int] = mapped_column(BigInt, ForeignKey("claim.id"), primary_key=True)
    platform: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    lines: Mapped[int]
    amount_e4: Mapped[int]
    amount: Mapped[int]
