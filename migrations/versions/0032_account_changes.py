"""Changes of merchants' accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0032_account_changes"
down_revision = "0031_bank_orders"
branch_labels = None
depends_on = None

_REFERS = (
    ("merchant_id", "merchant"),
    ("claim_id", "claim"),
    ("changed_by", "account"),
    ("first_confirmed_by", "account"),
    ("second_confirmed_by", "account"),
)


def upgrade() -> None:
    op.create_table(
        "account_change",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("claim_id", t.BigInt, nullable=True),
        sa.Column("bank_code", t.Text, nullable=False),
        sa.Column("account_number", t.Bytes, nullable=False),
        sa.Column("account_holder", t.Text, nullable=False),
        sa.Column("before_bank_code", t.Text, nullable=False),
        sa.Column("before_account_number", t.Bytes, nullable=False),
        sa.Column("changed_by", t.BigInt, nullable=False),
        sa.Column("changed_at", t.Moment, nullable=False),
        sa.Column("payable_from", t.Day, nullable=False),
        sa.Column("first_confirmed_by", t.BigInt, nullable=True),
        sa.Column("first_confirmed_at", t.Moment, nullable=True),
        sa.Column("second_confirmed_by", t.BigInt, nullable=True),
        sa.Column("second_confirmed_at", t.Moment, nullable=True),
        sa.CheckConstraint(
            "second_confirmed_by IS NULL OR"
            " (first_confirmed_by IS NOT NULL AND second_confirmed_by <> first_confirmed_by)",
            name=op.f("ck_account_change_two_confirm"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_account_change_{column}_{table}"))
            for column, table in _REFERS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
        sqlite_strict=True,
    )
    for column, _table in _REFERS:
        op.create_index(op.f(f"ix_account_change_{column}"), "account_change", [column], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
