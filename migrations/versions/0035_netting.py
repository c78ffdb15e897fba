"""Netting: what a payment keeps back for recoveries, by part and by source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0035_netting"
down_revision = "0034_recoveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_netting",
        sa.Column("payment_id", t.BigInt, nullable=False),
        sa.Column("part_id", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_netting_amount")),
        sa.ForeignKeyConstraint(
            ["part_id"], ["recovery_part.id"], name=op.f("fk_payment_netting_part_id_recovery_part")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_netting_payment_id_payment")),
        sa.PrimaryKeyConstraint("payment_id", "part_id", name=op.f("pk_payment_netting")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_payment_netting_part_id"), "payment_netting", ["part_id"], unique=False)
    for table in ("payment", "payment_share"):
        op.add_column(table, sa.Column("netted", t.BigInt, nullable=False, server_default="0"))
    checks.replace("payment", "ck_payment_amount", "amount >= 0 AND netted >= 0 AND amount + netted > 0")
    checks.replace("payment_share", "ck_payment_share_amount", "amount >= 0 AND netted >= 0")
    checks.replace("payment_run", "ck_payment_run_totals", "payment_count > 0 AND total >= 0")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
