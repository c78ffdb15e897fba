"""Draw-ups that are asked for and done in the background."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0019_drawings"
down_revision = "0018_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawing",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("run_id", t.BigInt, nullable=True),
        sa.Column("outcome", t.Json, nullable=True),
        sa.CheckConstraint("(run_id IS NULL) = (outcome IS NULL)", name=op.f("ck_drawing_outcome")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_drawing_programme_id_programme")),
        sa.ForeignKeyConstraint(["run_id"], ["assessment_run.id"], name=op.f("fk_drawing_run_id_assessment_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_drawing_programme_id"), "drawing", ["programme_id"], unique=False)
    op.create_index(op.f("ix_drawing_run_id"), "drawing", ["run_id"], unique=False)
    with op.batch_alter_table("job", table_kwargs={"sqlite_strict": True}) as job:
        job.drop_constraint(op.f("ck_job_kind"), type_="check")
        job.create_check_constraint(op.f("ck_job_kind"), "kind IN ('drawing', 'reading', 'simulation')")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
