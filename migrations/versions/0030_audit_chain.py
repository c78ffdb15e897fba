"""Seals of the audit trail's hash chain (invariant I13)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0030_audit_chain"
down_revision = "0029_reconciliations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("upto", t.BigInt, nullable=False),
        sa.Column("count", t.BigInt, nullable=False),
        sa.Column("hash", t.Text, nullable=False),
        sa.Column("sealed_at", t.Moment, nullable=False),
        sa.CheckConstraint("count > 0 AND length(hash) = 64", name=op.f("ck_audit_seal_head")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("upto", name=op.f("uq_audit_seal_upto")),
        sqlite_strict=True,
    )
    append_only.protect("audit_seal")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
