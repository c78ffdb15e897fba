"""Payment runs, payments, bank result files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0011_payments"
down_revision = "0010_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_run",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("reference", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("payment_count", t.BigInt, nullable=False),
        sa.Column("total", t.BigInt, nullable=False),
        sa.Column("prepared_by", t.BigInt, nullable=False),
        sa.Column("prepared_at", t.Moment, nullable=False),
        sa.Column("released_by", t.BigInt, nullable=True),
        sa.Column("released_at", t.Moment, nullable=True),
        sa.Column("bank_file_sha256", t.Text, nullable=True),
        sa.CheckConstraint(
            "status IN ('prepared', 'released', 'settled', 'cancelled')", name=op.f("ck_payment_run_status")
        ),
        sa.CheckConstraint("payment_count > 0 AND total > 0", name=op.f("ck_payment_run_totals")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_payment_run_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["prepared_by"], ["account.id"], name=op.f("fk_payment_run_prepared_by_account")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_payment_run_programme_id_programme")),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("fk_payment_run_released_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_run_reference")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_payment_run_organisation_id"), "payment_run", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_payment_run_programme_id"), "payment_run", ["programme_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("run_id", t.BigInt, nullable=False),
        sa.Column("claim_id", t.BigInt, nullable=False),
        sa.Column("reference", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("bank_code", t.Text, nullable=False),
        sa.Column("account_number", t.Bytes, nullable=False),
        sa.Column("account_holder", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("reason", t.Text, nullable=True),
        sa.Column("bank_reference", t.Text, nullable=True),
        sa.Column("executed_on", t.Day, nullable=True),
        sa.Column("letter_id", t.BigInt, nullable=True),
        sa.CheckConstraint(
            "status IN ('prepared', 'instructed', 'done', 'refused', 'unknown', 'cancelled')",
            name=op.f("ck_payment_status"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_payment_claim_id_claim")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_payment_letter_id_letter")),
        sa.ForeignKeyConstraint(["run_id"], ["payment_run.id"], name=op.f("fk_payment_run_id_payment_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_reference")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_payment_claim_id"), "payment", ["claim_id"], unique=False)
    op.create_index(op.f("ix_payment_letter_id"), "payment", ["letter_id"], unique=False)
    op.create_index(op.f("ix_payment_run_id"), "payment", ["run_id"], unique=False)
    op.create_index(
        "uq_payment_live",
        "payment",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('prepared', 'instructed', 'done', 'unknown')"),
        postgresql_where=sa.text("status IN ('prepared', 'instructed', 'done', 'unknown')"),
    )
    op.create_table(
        "payment_share",
        sa.Column("payment_id", t.BigInt, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payment_share_amount")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_share_payment_id_payment")),
        sa.PrimaryKeyConstraint("payment_id", "source", name=op.f("pk_payment_share")),
        sqlite_strict=True,
    )
    op.create_table(
        "bank_result_file",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("run_id", t.BigInt, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.Column("filename", t.Text, nullable=False),
        sa.Column("done", t.BigInt, nullable=False),
        sa.Column("refused", t.BigInt, nullable=False),
        sa.Column("unknown", t.BigInt, nullable=False),
        sa.Column("imported_by", t.BigInt, nullable=False),
        sa.Column("imported_at", t.Moment, nullable=False),
        sa.ForeignKeyConstraint(["imported_by"], ["account.id"], name=op.f("fk_bank_result_file_imported_by_account")),
        sa.ForeignKeyConstraint(["run_id"], ["payment_run.id"], name=op.f("fk_bank_result_file_run_id_payment_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_result_file")),
        sa.UniqueConstraint("run_id", "sha256", name=op.f("uq_bank_result_file_run_id_sha256")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bank_result_file_imported_by"), "bank_result_file", ["imported_by"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
