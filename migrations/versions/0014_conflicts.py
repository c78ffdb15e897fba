"""Decisions about contradicting statements of an order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0014_conflicts"
down_revision = "0013_simulations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict_decision",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("order_no", t.Text, nullable=False),
        sa.Column("latest", t.BigInt, nullable=False),
        sa.Column("chosen", t.BigInt, nullable=False),
        sa.Column("counts", t.BigInt, nullable=False),
        sa.Column("delivery_id", t.BigInt, nullable=True),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("decided_by", t.BigInt, nullable=False),
        sa.Column("decided_at", t.Moment, nullable=False),
        sa.CheckConstraint("chosen <= latest AND latest <= counts", name=op.f("ck_conflict_decision_receipts")),
        sa.CheckConstraint("(delivery_id IS NULL) = (chosen = latest)", name=op.f("ck_conflict_decision_restated")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_conflict_decision_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_conflict_decision_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_conflict_decision_decided_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_decision")),
        sa.UniqueConstraint(
            "organisation_id",
            "platform",
            "period",
            "order_no",
            "latest",
            name="uq_conflict_decision_latest",
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_conflict_decision_delivery_id"), "conflict_decision", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_conflict_decision_decided_by"), "conflict_decision", ["decided_by"], unique=False)
    append_only.protect("conflict_decision")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
