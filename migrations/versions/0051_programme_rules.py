"""Versions that take effect on a later day, and what an application says beside plan and cost: track and answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0051_programme_rules"
down_revision = "0050_mandates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    checks.widen("programme_version", "status", "announced")
    op.add_column("programme_version", sa.Column("effective_from", t.Day, nullable=True))
    op.add_column("application", sa.Column("track", t.Text, nullable=False, server_default=""))
    op.create_table(
        "application_answer",
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("value", t.Text, nullable=False),
        sa.CheckConstraint("value <> ''", name=op.f("ck_application_answer_value")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_answer_application_id_application")
        ),
        sa.PrimaryKeyConstraint("application_id", "code", name=op.f("pk_application_answer")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
