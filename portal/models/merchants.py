"""Merchants' business places and their stated yearly sales."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import BigInt, Encrypted, Key, Model, ref


class Merchant(Model):
    """`regular_workers_tenths`: 45 = 4.5 regular workers. Region and industry carry their code system and edition."""

    __tablename__ = "merchant"
    __table_args__ = (
        CheckConstraint("regular_workers_tenths >= 0", name="regular_workers"),
        CheckConstraint("length(business_number) = 10", name="business_number"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    owner_id: Mapped[int] = ref("account.id")
    business_number: Mapped[str] = mapped_column(unique=True)
    trade_name: Mapped[str]
    representative: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str]
    region_system: Mapped[str]
    region_code: Mapped[str] = mapped_column(index=True)
    address: Mapped[str]
    industry_edition: Mapped[int]
    industry_code: Mapped[str]
    opened_on: Mapped[date]
    regular_workers_tenths: Mapped[int]
    bank_code: Mapped[str]
    account_number: Mapped[str] = mapped_column(Encrypted("merchant.account_number"))
    account_holder: Mapped[str]
    account_index: Mapped[str] = mapped_column(index=True)
    registered_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    sales: Mapped[list[AnnualSales]] = relationship(
        order_by="AnnualSales.year", lazy="selectin", cascade="all, delete-orphan"
    )


class AnnualSales(Model):
    __tablename__ = "annual_sales"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"), {"sqlite_strict": True})

    merchant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("merchant.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
