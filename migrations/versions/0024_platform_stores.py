"""What platforms say of their stores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0024_platform_stores"
down_revision = "0023_platform_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_store",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("store_id", t.Text, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.Column("business_number", t.Text, nullable=False),
        sa.Column("address", t.Text, nullable=False),
        sa.Column("delivery_id", t.BigInt, nullable=True),
        sa.Column("told_at", t.Moment, nullable=False),
        sa.CheckConstraint("length(business_number) IN (0, 10)", name=op.f("ck_platform_store_business_number")),
        sa.CheckConstraint("name <> '' OR business_number <> '' OR address <> ''", name=op.f("ck_platform_store_told")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_platform_store_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_platform_store_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_store")),
        sa.UniqueConstraint(
            "organisation_id", "platform", "store_id", name=op.f("uq_platform_store_organisation_id_platform_store_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_platform_store_delivery_id"), "platform_store", ["delivery_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
