"""Service passes: the services in kind that merchants chose, and how far each has come."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.service_passes import PassStatus
from portal.models.applications import Application
from portal.models.base import Choice, Key, Model, one_of, ref
from portal.models.invoices import VendorInvoice
from portal.models.proposals import Offer


class ServicePass(Model):
    """`supply_value` and `vat` as they were when it was chosen. `delivered`: what the platform reported, `document_*`
    its proof; `answer`: what the merchant wrote against it, first at `disputed_at`; `ruling`: why an official decided;
    `recovery_id`: by which its price is asked back. It stands on one invoice at most, because it names it.
    """

    __tablename__ = "service_pass"
    __table_args__ = (
        CheckConstraint(one_of("status", PassStatus), name="status"),
        CheckConstraint("supply_value > 0 AND vat >= 0", name="amounts"),
        CheckConstraint("(status IN ('invoiced', 'claimed')) = (invoice_id IS NOT NULL)", name="invoiced"),
        CheckConstraint("status NOT IN ('vouched', 'ended') OR ruling <> ''", name="ruling"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id")
    offer_id: Mapped[int] = ref("offer.id")
    invoice_id: Mapped[int | None] = ref("vendor_invoice.id")
    number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[PassStatus] = mapped_column(Choice(PassStatus))
    supply_value: Mapped[int]
    vat: Mapped[int]
    chosen_at: Mapped[datetime]
    valid_until: Mapped[date]
    delivered: Mapped[str]
    reported_at: Mapped[datetime | None]
    answer: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]
    ruling: Mapped[str] = mapped_column(default="")
    recovery_id: Mapped[int | None] = ref("recovery.id")
    document_sha256: Mapped[str | None]
    document_name: Mapped[str | None]
    document_type: Mapped[str | None]

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)
    offer: Mapped[Offer] = relationship(lazy="joined", innerjoin=True)
    invoice: Mapped[VendorInvoice | None] = relationship(back_populates="passes")

    @property
    def waits_since(self) -> datetime | None:
        """Since when somebody's word is awaited: the platform's from the first dispute, else the merchant's."""
        return self.disputed_at if self.status is PassStatus.DISPUTED else self.reported_at
