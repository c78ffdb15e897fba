"""Invented merchants of sandboxes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0022_sandbox_merchants"
down_revision = "0021_link_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sandbox_merchant",
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchant.id"], name=op.f("fk_sandbox_merchant_merchant_id_merchant")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sandbox_merchant_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_sandbox_merchant")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sandbox_merchant_organisation_id"), "sandbox_merchant", ["organisation_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
