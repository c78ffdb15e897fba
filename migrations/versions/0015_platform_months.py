"""What platforms state about a month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0015_platform_months"
down_revision = "0014_conflicts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_statement",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("orders", t.BigInt, nullable=False),
        sa.Column("order_amount", t.BigInt, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("entered_by", t.BigInt, nullable=False),
        sa.Column("entered_at", t.Moment, nullable=False),
        sa.CheckConstraint("orders >= 0 AND order_amount >= 0", name=op.f("ck_platform_statement_figures")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_platform_statement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["account.id"], name=op.f("fk_platform_statement_entered_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_statement")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_platform_statement_month", "platform_statement", ["organisation_id", "period", "platform"], unique=False
    )
    op.create_index(op.f("ix_platform_statement_entered_by"), "platform_statement", ["entered_by"], unique=False)
    append_only.protect("platform_statement")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
