"""Recoveries: cases, principal, charges, receipts, schedules; their letters; what runs found claimed too much."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only, checks
from migrations import column_types as t

revision = "0034_recoveries"
down_revision = "0033_snapshots"
branch_labels = None
depends_on = None

LETTERS = (
    "('decision', 'rejection', 'supplement', 'payment', 'recovery_notice', 'recovery_order', "
    "'recovery_instalments', 'recovery_closed')"
)


def upgrade() -> None:
    op.create_table(
        "overclaim",
        sa.Column("run_id", t.BigInt, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_overclaim_amount")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_overclaim_merchant_id_merchant")),
        sa.ForeignKeyConstraint(["run_id"], ["assessment_run.id"], name=op.f("fk_overclaim_run_id_assessment_run")),
        sa.PrimaryKeyConstraint("run_id", "period", "merchant_id", name=op.f("pk_overclaim")),
        sqlite_strict=True,
    )
    op.create_table(
        "recovery",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("origin", t.Text, nullable=False),
        sa.Column("cause", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("opened_by", t.BigInt, nullable=False),
        sa.Column("opened_at", t.Moment, nullable=False),
        sa.Column("noticed_by", t.BigInt, nullable=True),
        sa.Column("noticed_on", t.Day, nullable=True),
        sa.Column("opinion_due_on", t.Day, nullable=True),
        sa.Column("opinion", t.Text, nullable=True),
        sa.Column("answered_at", t.Moment, nullable=True),
        sa.Column("heard", t.Text, nullable=True),
        sa.Column("waive_surcharge", t.Flag, nullable=False),
        sa.Column("drafted_by", t.BigInt, nullable=True),
        sa.Column("pay_days", t.BigInt, nullable=True),
        sa.Column("ordered_on", t.Day, nullable=True),
        sa.Column("due_on", t.Day, nullable=True),
        sa.Column("demanded", t.BigInt, nullable=False),
        sa.Column("fulfilled", t.BigInt, nullable=False),
        sa.Column("netting_agreed_at", t.Moment, nullable=True),
        sa.Column("closing_reason", t.Text, nullable=True),
        sa.Column("document_sha256", t.Text, nullable=True),
        sa.Column("document_name", t.Text, nullable=True),
        sa.Column("document_type", t.Text, nullable=True),
        sa.CheckConstraint(
            "cause IN ('honest', 'corrected', 'false', 'other_use', 'ineligible')", name=op.f("ck_recovery_cause")
        ),
        sa.CheckConstraint("origin IN ('corrected', 'audit', 'own_notice')", name=op.f("ck_recovery_origin")),
        sa.CheckConstraint(
            "status IN ('opened', 'noticed', 'answered', 'heard', 'drafted', 'ordered', 'instalments_proposed',"
            " 'in_instalments', 'write_off_proposed', 'settled', 'written_off', 'dropped')",
            name=op.f("ck_recovery_status"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_amount")),
        sa.CheckConstraint("fulfilled >= 0 AND fulfilled <= demanded", name=op.f("ck_recovery_fulfilled")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_recovery_application_id_application")
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"], name=op.f("fk_recovery_drafted_by_account")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_recovery_merchant_id_merchant")),
        sa.ForeignKeyConstraint(["noticed_by"], ["account.id"], name=op.f("fk_recovery_noticed_by_account")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_recovery_opened_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recovery_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_recovery_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_application_id"), "recovery", ["application_id"], unique=False)
    op.create_index(op.f("ix_recovery_merchant_id"), "recovery", ["merchant_id"], unique=False)
    op.create_index("ix_recovery_organisation_id_status", "recovery", ["organisation_id", "status"], unique=False)
    op.create_index(op.f("ix_recovery_programme_id"), "recovery", ["programme_id"], unique=False)
    op.create_index(
        "uq_recovery_living",
        "recovery",
        ["programme_id", "merchant_id", "period"],
        unique=True,
        sqlite_where=sa.text(
            "status IN ('opened', 'noticed', 'answered', 'heard', 'drafted', 'ordered', 'instalments_proposed', 'in_instalments', 'write_off_proposed')"
        ),
        postgresql_where=sa.text(
            "status IN ('opened', 'noticed', 'answered', 'heard', 'drafted', 'ordered', 'instalments_proposed', 'in_instalments', 'write_off_proposed')"
        ),
    )
    op.create_table(
        "recovery_charge",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("recovery_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("act", t.Text, nullable=False),
        sa.Column("article", t.Text, nullable=False),
        sa.Column("base", t.BigInt, nullable=False),
        sa.Column("percent", t.Text, nullable=False),
        sa.Column("months", t.BigInt, nullable=False),
        sa.Column("valid_from", t.Day, nullable=True),
        sa.Column("unverified", t.Flag, nullable=False),
        sa.Column("charged_on", t.Day, nullable=False),
        sa.CheckConstraint(
            "kind IN ('principal', 'interest', 'surcharge', 'late')", name=op.f("ck_recovery_charge_kind")
        ),
        sa.CheckConstraint("amount > 0 AND base > 0 AND months >= 0", name=op.f("ck_recovery_charge_amounts")),
        sa.ForeignKeyConstraint(["recovery_id"], ["recovery.id"], name=op.f("fk_recovery_charge_recovery_id_recovery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_charge")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_charge_recovery_id"), "recovery_charge", ["recovery_id"], unique=False)
    op.create_table(
        "recovery_instalment",
        sa.Column("recovery_id", t.BigInt, nullable=False),
        sa.Column("number", t.BigInt, nullable=False),
        sa.Column("due_on", t.Day, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_instalment_amount")),
        sa.ForeignKeyConstraint(
            ["recovery_id"], ["recovery.id"], name=op.f("fk_recovery_instalment_recovery_id_recovery")
        ),
        sa.PrimaryKeyConstraint("recovery_id", "number", name=op.f("pk_recovery_instalment")),
        sqlite_strict=True,
    )
    op.create_table(
        "recovery_part",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("recovery_id", t.BigInt, nullable=False),
        sa.Column("payment_id", t.BigInt, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("claimed", t.Text, nullable=False),
        sa.Column("principal", t.BigInt, nullable=False),
        sa.CheckConstraint("principal > 0", name=op.f("ck_recovery_part_principal")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_recovery_part_payment_id_payment")),
        sa.ForeignKeyConstraint(["recovery_id"], ["recovery.id"], name=op.f("fk_recovery_part_recovery_id_recovery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_part")),
        sa.UniqueConstraint(
            "recovery_id", "payment_id", "source", name=op.f("uq_recovery_part_recovery_id_payment_id_source")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_part_payment_id"), "recovery_part", ["payment_id"], unique=False)
    op.create_table(
        "recovery_receipt",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("recovery_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("source_key", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("principal", t.BigInt, nullable=False),
        sa.Column("interest", t.BigInt, nullable=False),
        sa.Column("surcharge", t.BigInt, nullable=False),
        sa.Column("late", t.BigInt, nullable=False),
        sa.Column("reference", t.Text, nullable=False),
        sa.Column("payment_id", t.BigInt, nullable=True),
        sa.Column("received_on", t.Day, nullable=False),
        sa.Column("recorded_by", t.BigInt, nullable=False),
        sa.Column("recorded_at", t.Moment, nullable=False),
        sa.CheckConstraint("(kind = 'netted') = (payment_id IS NOT NULL)", name=op.f("ck_recovery_receipt_netted")),
        sa.CheckConstraint("kind IN ('cash', 'netted', 'written_off')", name=op.f("ck_recovery_receipt_kind")),
        sa.CheckConstraint(
            "amount > 0 AND principal >= 0 AND interest >= 0 AND surcharge >= 0 AND late >= 0 AND principal + interest + surcharge + late = amount",
            name=op.f("ck_recovery_receipt_amounts"),
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_recovery_receipt_payment_id_payment")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_recovery_receipt_recorded_by_account")),
        sa.ForeignKeyConstraint(
            ["recovery_id"], ["recovery.id"], name=op.f("fk_recovery_receipt_recovery_id_recovery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_receipt")),
        sa.UniqueConstraint("source_key", name=op.f("uq_recovery_receipt_source_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_receipt_payment_id"), "recovery_receipt", ["payment_id"], unique=False)
    op.create_index(op.f("ix_recovery_receipt_recovery_id"), "recovery_receipt", ["recovery_id"], unique=False)
    op.create_table(
        "recovery_receipt_share",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("receipt_id", t.BigInt, nullable=False),
        sa.Column("part_id", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_receipt_share_amount")),
        sa.ForeignKeyConstraint(
            ["part_id"], ["recovery_part.id"], name=op.f("fk_recovery_receipt_share_part_id_recovery_part")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["recovery_receipt.id"], name=op.f("fk_recovery_receipt_share_receipt_id_recovery_receipt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_receipt_share")),
        sa.UniqueConstraint("receipt_id", "part_id", name=op.f("uq_recovery_receipt_share_receipt_id_part_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_receipt_share_part_id"), "recovery_receipt_share", ["part_id"], unique=False)
    op.create_table(
        "recovery_letter",
        sa.Column("recovery_id", t.BigInt, nullable=False),
        sa.Column("letter_id", t.BigInt, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_recovery_letter_letter_id_letter")),
        sa.ForeignKeyConstraint(["recovery_id"], ["recovery.id"], name=op.f("fk_recovery_letter_recovery_id_recovery")),
        sa.PrimaryKeyConstraint("recovery_id", "letter_id", name=op.f("pk_recovery_letter")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_letter_letter_id"), "recovery_letter", ["letter_id"], unique=False)
    for table in ("recovery_charge", "recovery_receipt", "recovery_receipt_share"):
        append_only.protect(table)
    checks.replace("letter", "ck_letter_kind", f"kind IN {LETTERS}")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
