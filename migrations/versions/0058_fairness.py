"""Requests for supplement name the parts of an application that they open, and keep each before and after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0058_fairness"
down_revision = "0057_rosters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _supplement_part()
    _bulk_run_part()


def _supplement_part() -> None:
    op.create_table(
        "supplement_part",
        sa.Column("supplement_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("position", t.BigInt, nullable=False),
        sa.Column("standing", t.Text, nullable=False),
        sa.Column("before", t.Text, nullable=False),
        sa.Column("after", t.Text, nullable=True),
        sa.CheckConstraint("standing IN ('named', 'led', 'kept')", name=op.f("ck_supplement_part_standing")),
        sa.ForeignKeyConstraint(
            ["supplement_id"], ["supplement.id"], name=op.f("fk_supplement_part_supplement_id_supplement")
        ),
        sa.PrimaryKeyConstraint("supplement_id", "code", name=op.f("pk_supplement_part")),
        sqlite_strict=True,
    )
    # Who was asked before requests named anything may go on mending what they began.
    op.execute(
        "INSERT INTO supplement_part (supplement_id, code, position, standing, before) "
        "SELECT id, 'everything', 0, 'named', '' FROM supplement WHERE answered_at IS NULL"
    )


def _bulk_run_part() -> None:
    op.create_table(
        "bulk_run_part",
        sa.Column("run_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_run_part_run_id_bulk_run")),
        sa.PrimaryKeyConstraint("run_id", "code", name=op.f("pk_bulk_run_part")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
