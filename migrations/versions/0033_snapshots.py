"""Answers of outside registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0033_snapshots"
down_revision = "0032_account_changes"
branch_labels = None
depends_on = None

KINDS = "('tax_status', 'account_holder')"
ANSWERS = "('active', 'suspended', 'closed', 'unregistered', 'matches', 'differs', 'no_account', 'unavailable')"


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("about", t.Text, nullable=False),
        sa.Column("asked_at", t.Moment, nullable=False),
        sa.Column("answer", t.Text, nullable=False),
        sa.Column("closed_on", t.Day, nullable=True),
        sa.Column("raw_sha256", t.Text, nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_snapshot_kind")),
        sa.CheckConstraint(f"answer IN {ANSWERS}", name=op.f("ck_snapshot_answer")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_snapshot_merchant_id_merchant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_snapshot_merchant_id_kind_asked_at", "snapshot", ["merchant_id", "kind", "asked_at"], unique=False
    )
    append_only.protect("snapshot")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
