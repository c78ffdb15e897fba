"""What each run of all checks found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0029_reconciliations"
down_revision = "0028_stops"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("started_at", t.Moment, nullable=False),
        sa.Column("milliseconds", t.BigInt, nullable=False),
        sa.Column("broken", t.BigInt, nullable=False),
        sa.Column("checks", t.Json, nullable=False),
        sa.CheckConstraint("milliseconds >= 0 AND broken >= 0", name=op.f("ck_reconciliation_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sqlite_strict=True,
    )
    append_only.protect("reconciliation")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
