"""Invoices of platform firms for services in kind."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.invoices import InvoiceStatus
from portal.models.base import Choice, Key, Model, one_of, ref
from portal.models.proposals import Proposal

if TYPE_CHECKING:
    from portal.models.service_passes import ServicePass

_COUNTS = text("status NOT IN ('refused', 'taken_back')")


class VendorInvoice(Model):
    """`number`: the approval number of the tax invoice, in capitals without hyphens; it counts once, unless refused
    or taken back for `back_reason`.
    """

    __tablename__ = "vendor_invoice"
    __table_args__ = (
        CheckConstraint(one_of("status", InvoiceStatus), name="status"),
        CheckConstraint("supply_value > 0 AND vat >= 0", name="amounts"),
        CheckConstraint("status <> 'refused' OR refusal <> ''", name="refusal"),
        CheckConstraint("status NOT IN ('back_proposed', 'taken_back') OR back_reason <> ''", name="back"),
        Index("uq_vendor_invoice_counting", "number", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id")
    number: Mapped[str]
    status: Mapped[InvoiceStatus] = mapped_column(Choice(InvoiceStatus))
    issued_on: Mapped[date]
    supply_value: Mapped[int]
    vat: Mapped[int]
    filed_by: Mapped[int] = ref("account.id", index=False)
    filed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str]
    back_reason: Mapped[str] = mapped_column(default="")

    proposal: Mapped[Proposal] = relationship(lazy="joined", innerjoin=True)
    passes: Mapped[list[ServicePass]] = relationship(back_populates="invoice", order_by="ServicePass.id")

    @property
    def said(self) -> str:
        """The number as people read it: 8-8-8."""
        return "-".join(self.number[start : start + 8] for start in (0, 8, 16))
