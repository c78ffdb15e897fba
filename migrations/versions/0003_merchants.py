"""Merchants and their yearly sales."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0003_merchants"
down_revision = "0002_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merchant",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("owner_id", t.BigInt, nullable=False),
        sa.Column("business_number", t.Text, nullable=False),
        sa.Column("trade_name", t.Text, nullable=False),
        sa.Column("representative", t.Text, nullable=False),
        sa.Column("phone", t.Text, nullable=False),
        sa.Column("region_system", t.Text, nullable=False),
        sa.Column("region_code", t.Text, nullable=False),
        sa.Column("address", t.Text, nullable=False),
        sa.Column("industry_edition", t.BigInt, nullable=False),
        sa.Column("industry_code", t.Text, nullable=False),
        sa.Column("opened_on", t.Day, nullable=False),
        sa.Column("regular_workers_tenths", t.BigInt, nullable=False),
        sa.Column("bank_code", t.Text, nullable=False),
        sa.Column("account_number", t.Bytes, nullable=False),
        sa.Column("account_holder", t.Text, nullable=False),
        sa.Column("account_index", t.Text, nullable=False),
        sa.Column("registered_at", t.Moment, nullable=False),
        sa.Column("changed_at", t.Moment, nullable=False),
        sa.CheckConstraint("length(business_number) = 10", name=op.f("ck_merchant_business_number")),
        sa.CheckConstraint("regular_workers_tenths >= 0", name=op.f("ck_merchant_regular_workers")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_merchant_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant")),
        sa.UniqueConstraint("business_number", name=op.f("uq_merchant_business_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_merchant_account_index"), "merchant", ["account_index"], unique=False)
    op.create_index(op.f("ix_merchant_owner_id"), "merchant", ["owner_id"], unique=False)
    op.create_index(op.f("ix_merchant_region_code"), "merchant", ["region_code"], unique=False)
    op.create_table(
        "annual_sales",
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("year", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_annual_sales_amount")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_annual_sales_merchant_id_merchant")),
        sa.PrimaryKeyConstraint("merchant_id", "year", name=op.f("pk_annual_sales")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
