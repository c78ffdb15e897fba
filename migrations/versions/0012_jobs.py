"""Background jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0012_jobs"
down_revision = "0011_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("subject", t.BigInt, nullable=False),
        sa.Column("asked_by", t.BigInt, nullable=False),
        sa.Column("asked_at", t.Moment, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("token", t.Text, nullable=True),
        sa.Column("lease_until", t.Moment, nullable=True),
        sa.Column("attempts", t.BigInt, nullable=False),
        sa.Column("done", t.BigInt, nullable=False),
        sa.Column("steps", t.BigInt, nullable=False),
        sa.Column("started_at", t.Moment, nullable=True),
        sa.Column("ended_at", t.Moment, nullable=True),
        sa.Column("result_sha256", t.Text, nullable=True),
        sa.Column("problem", t.Text, nullable=True),
        sa.CheckConstraint("kind IN ('simulation')", name=op.f("ck_job_kind")),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_status")
        ),
        sa.CheckConstraint("done >= 0 AND done <= steps AND attempts >= 0", name=op.f("ck_job_progress")),
        sa.CheckConstraint(
            "status <> 'running' OR (token IS NOT NULL AND lease_until IS NOT NULL)", name=op.f("ck_job_held")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_job_asked_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_job_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_job_asked_by"), "job", ["asked_by"], unique=False)
    op.create_index("ix_job_kind_subject", "job", ["kind", "subject"], unique=True)
    op.create_index(op.f("ix_job_organisation_id"), "job", ["organisation_id"], unique=False)
    op.create_index("ix_job_status_lease_until", "job", ["status", "lease_until"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
