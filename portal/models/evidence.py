"""Evidence from merchants, and the lines that officials read off it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from portal.domain.evidence import EvidenceKind, EvidenceStatus
from portal.domain.evidence_lines import Told
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref
from portal.models.merchants import Merchant
from portal.models.settlements import Delivery


class Evidence(Model):
    """The bytes lie in the object store under `sha256`. `document_key`: what the same document of the same issuer
    shares; `delivery_id`: what its lines came in by; `total`: won the document states, without VAT."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(one_of("kind", EvidenceKind), name="kind"),
        CheckConstraint(one_of("status", EvidenceStatus), name="status"),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint("size > 0", name="size"),
        # The delivery is there a moment before the status says so, inside one transaction.
        CheckConstraint(
            "CASE WHEN delivery_id IS NULL THEN status <> 'confirmed' ELSE status IN ('entered', 'confirmed') END",
            name="delivered",
        ),
        Index("ix_evidence_organisation_id_status_id", "organisation_id", "status", "id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    merchant_id: Mapped[int] = ref("merchant.id")
    kind: Mapped[EvidenceKind] = mapped_column(Choice(EvidenceKind))
    platform: Mapped[str]
    period: Mapped[str]
    document_number: Mapped[str]
    document_key: Mapped[str | None] = mapped_column(index=True)
    total: Mapped[int]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    submitted_by: Mapped[int] = ref("account.id")
    submitted_at: Mapped[datetime]
    status: Mapped[EvidenceStatus] = mapped_column(Choice(EvidenceStatus))
    store_id: Mapped[str] = mapped_column(default="")
    delivery_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("delivery.id"), unique=True)

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
    delivery: Mapped[Delivery | None] = relationship(backref=backref("evidence", uselist=False))
    lines: Mapped[list[EvidenceLine]] = relationship(order_by="EvidenceLine.row", cascade="all, delete-orphan")


class EvidenceLine(Model):
    """Amounts in won. `ordered_at`: Korean time as `YYYY-MM-DDTHH:MM:SS`. `not_accepted`: the official's reason;
    `refusal`: what the portal found at the confirmation, `told_by` the delivery that tells of the same order."""

    __tablename__ = "evidence_line"
    __table_args__ = (
        CheckConstraint(
            "order_amount >= 0 AND delivery_fee >= 0 AND delivery_support >= 0 AND promotion_cost >= 0"
            " AND promotion_support >= 0 AND brokerage_fee >= 0 AND payment_fee >= 0",
            name="won",
        ),
        CheckConstraint(f"refusal IS NULL OR {one_of('refusal', Told)}", name="refusal"),
        CheckConstraint("told_by IS NULL OR refusal IS NOT NULL", name="told_by"),
        {"sqlite_strict": True},
    )

    evidence_id: Mapped[int] = mapped_column(BigInt, ForeignKey("evidence.id"), primary_key=True)
    row: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ordered_at: Mapped[str]
    order_no: Mapped[str]
    origin_key: Mapped[str]
    channel: Mapped[str]
    status: Mapped[str]
    payment_method: Mapped[str]
    order_amount: Mapped[int]
    delivery_fee: Mapped[int]
    delivery_support: Mapped[int]
    promotion_cost: Mapped[int]
    promotion_support: Mapped[int]
    brokerage_fee: Mapped[int]
    payment_fee: Mapped[int]
    not_accepted: Mapped[str]
    refusal: Mapped[Told | None] = mapped_column(Choice(Told))
    told_by: Mapped[int | None] = ref("delivery.id")
