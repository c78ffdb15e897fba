"""Simulations of draft terms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0013_simulations"
down_revision = "0012_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "simulation",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("text", t.Text, nullable=False),
        sa.Column("since", t.Text, nullable=False),
        sa.Column("until", t.Text, nullable=False),
        sa.Column("participants", t.Text, nullable=False),
        sa.Column("counted", t.Text, nullable=False),
        sa.Column("budget", t.BigInt, nullable=True),
        sa.CheckConstraint("participants IN ('accepted', 'linked')", name=op.f("ck_simulation_participants")),
        sa.CheckConstraint("counted IN ('terms', 'period')", name=op.f("ck_simulation_counted")),
        sa.CheckConstraint("since <= until", name=op.f("ck_simulation_months")),
        sa.CheckConstraint("budget IS NULL OR budget >= 0", name=op.f("ck_simulation_budget")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_simulation_programme_id_programme")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_simulation_version_id_programme_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_simulation_programme_id"), "simulation", ["programme_id"], unique=False)
    op.create_index(op.f("ix_simulation_version_id"), "simulation", ["version_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
