"""Fiscal years of an organisation. A closed one refuses to be changed, and its ledger refuses entries (I11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.fiscal_years import Unpaid, YearStatus
from portal.models.accounts import Organisation
from portal.models.base import Choice, Key, Model, one_of, ref


class FiscalYear(Model):
    """`unpaid`, `lapse`: how it is to be closed, as proposed; `closed_upto`: the last ledger entry of the closing."""

    __tablename__ = "fiscal_year"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year"),
        CheckConstraint(one_of("status", YearStatus), name="status"),
        CheckConstraint(f"unpaid IS NULL OR {one_of('unpaid', Unpaid)}", name="unpaid"),
        CheckConstraint("(status = 'closed') = (closed_upto IS NOT NULL)", name="closed"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    year: Mapped[int]
    status: Mapped[YearStatus] = mapped_column(Choice(YearStatus))
    opened_at: Mapped[datetime]
    unpaid: Mapped[Unpaid | None] = mapped_column(Choice(Unpaid))
    lapse: Mapped[bool] = mapped_column(default=False)
    closed_upto: Mapped[int | None]
    closed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
