"""Files on their way in, and the job that reads them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0018_receipts"
down_revision = "0017_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("filename", t.Text, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.Column("size", t.BigInt, nullable=False),
        sa.Column("password", t.Bytes, nullable=True),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("delivery_id", t.BigInt, nullable=True),
        sa.Column("refusal", t.Json, nullable=True),
        sa.Column("received_by", t.BigInt, nullable=False),
        sa.Column("received_at", t.Moment, nullable=False),
        sa.CheckConstraint("status IN ('received', 'stored', 'refused', 'closed')", name=op.f("ck_receipt_status")),
        sa.CheckConstraint("(status = 'stored') = (delivery_id IS NOT NULL)", name=op.f("ck_receipt_stored")),
        sa.CheckConstraint("status <> 'refused' OR refusal IS NOT NULL", name=op.f("ck_receipt_refused")),
        sa.CheckConstraint("password IS NULL OR status = 'received'", name=op.f("ck_receipt_password")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_receipt_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_receipt_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["received_by"], ["account.id"], name=op.f("fk_receipt_received_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_organisation_id_status", "receipt", ["organisation_id", "status"], unique=False)
    op.create_index(op.f("ix_receipt_delivery_id"), "receipt", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_receipt_received_by"), "receipt", ["received_by"], unique=False)
    with op.batch_alter_table("job", table_kwargs={"sqlite_strict": True}) as job:
        job.drop_constraint(op.f("ck_job_kind"), type_="check")
        job.create_check_constraint(op.f("ck_job_kind"), "kind IN ('reading', 'simulation')")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
