"""Orders to the bank and its words; payments held back, being sent, accepted, voided, returned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only, checks
from migrations import column_types as t

revision = "0031_bank_orders"
down_revision = "0030_audit_chain"
branch_labels = None
depends_on = None

STATUSES = (
    "('prepared', 'held', 'instructed', 'sending', 'accepted', 'done', 'refused', 'unknown', 'voided', 'returned', "
    "'cancelled')"
)
LIVE = sa.text("status IN ('prepared', 'instructed', 'sending', 'accepted', 'unknown', 'done')")
SOURCES = "('answer', 'enquiry', 'callback')"
OUTCOMES = "('done', 'refused', 'accepted', 'returned', 'never_heard', 'no_answer', 'not_sent')"
VERDICTS = (
    "('applied', 'known', 'asked', 'noted', 'early', 'wrong_amount', 'wrong_account', 'contradicts', 'unbooked', "
    "'unknown_payment')"
)


def upgrade() -> None:
    checks.replace("payment", "ck_payment_status", f"status IN {STATUSES}")
    op.drop_index("uq_payment_live", "payment")
    op.create_index("uq_payment_live", "payment", ["claim_id"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.execute(
        "ALTER TABLE payment_run ADD COLUMN channel TEXT CONSTRAINT ck_payment_run_channel"
        " CHECK (channel IS NULL OR channel IN ('csv', 'pain001', 'api'))"
    )
    op.execute("UPDATE payment_run SET channel = 'csv' WHERE bank_file_sha256 IS NOT NULL")
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE bank_result_file ADD COLUMN returned {whole} NOT NULL DEFAULT 0")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE bank_result_file ALTER COLUMN returned DROP DEFAULT")
    _orders()
    _messages()


def _orders() -> None:
    op.create_table(
        "bank_order",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("payment_id", t.BigInt, nullable=False),
        sa.Column("due_at", t.Moment, nullable=True),
        sa.Column("token", t.Text, nullable=True),
        sa.Column("held_until", t.Moment, nullable=True),
        sa.Column("sent_at", t.Moment, nullable=True),
        sa.Column("asked", t.BigInt, nullable=False),
        sa.Column("heard", t.BigInt, nullable=False),
        sa.Column("never_heard_at", t.Moment, nullable=True),
        sa.CheckConstraint("asked >= 0 AND heard >= 0", name=op.f("ck_bank_order_counts")),
        sa.CheckConstraint("token IS NULL OR held_until IS NOT NULL", name=op.f("ck_bank_order_held")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_bank_order_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_order")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_bank_order_payment_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_bank_order_due_at", "bank_order", ["due_at"], unique=False)


def _messages() -> None:
    op.create_table(
        "bank_message",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("payment_id", t.BigInt, nullable=True),
        sa.Column("reference", t.Text, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("outcome", t.Text, nullable=False),
        sa.Column("verdict", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=True),
        sa.Column("bank_reference", t.Text, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("executed_on", t.Day, nullable=True),
        sa.Column("received_at", t.Moment, nullable=False),
        sa.Column("signature", t.Text, nullable=True),
        sa.CheckConstraint(f"source IN {SOURCES}", name=op.f("ck_bank_message_source")),
        sa.CheckConstraint(f"outcome IN {OUTCOMES}", name=op.f("ck_bank_message_outcome")),
        sa.CheckConstraint(f"verdict IN {VERDICTS}", name=op.f("ck_bank_message_verdict")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_bank_message_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_message")),
        sa.UniqueConstraint("signature", name=op.f("uq_bank_message_signature")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bank_message_payment_id"), "bank_message", ["payment_id"], unique=False)
    append_only.protect("bank_message")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
