"""Links to stores at platforms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0008_links"
down_revision = "0007_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_link",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("store_id", t.Text, nullable=False),
        sa.Column("valid_from", t.Day, nullable=False),
        sa.Column("valid_to", t.Day, nullable=True),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("proposed_at", t.Moment, nullable=False),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'refused', 'ended')", name=op.f("ck_platform_link_status")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_platform_link_period")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_platform_link_merchant_id_merchant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_link")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_platform_link_merchant_id"), "platform_link", ["merchant_id"], unique=False)
    op.create_index("ix_platform_link_platform_store_id", "platform_link", ["platform", "store_id"], unique=False)
    op.create_index(
        "uq_platform_link_open",
        "platform_link",
        ["platform", "store_id"],
        unique=True,
        sqlite_where=sa.text("status = 'confirmed' AND valid_to IS NULL"),
        postgresql_where=sa.text("status = 'confirmed' AND valid_to IS NULL"),
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
