"""Objections to decisions; their letters and approvals; a place in line that was entered again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0044_objections"
down_revision = "0043_vouchers_once"
branch_labels = None
depends_on = None

LETTERS = (
    "('decision', 'rejection', 'supplement', 'payment', 'recovery_notice', 'recovery_order',"
    " 'recovery_instalments', 'recovery_closed', 'payment_returned', 'account_change', 'reserved',"
    " 'decision_changed', 'objection_extended', 'objection_result')"
)
MATTERS = "('decision', 'claims', 'payment_run', 'recovery_order', 'write_off', 'objection')"
STATUSES = "('received', 'in_review', 'drafted', 'granted', 'partly_granted', 'dismissed', 'inadmissible', 'withdrawn')"
OUTCOMES = "('grant', 'grant_partly', 'dismiss', 'refuse')"
DECIDED = (
    "status NOT IN ('granted', 'partly_granted', 'dismissed', 'inadmissible')"
    " OR (outcome IS NOT NULL AND decided_by IS NOT NULL)"
)
_TARGETS = {
    "organisation_id": "organisation",
    "merchant_id": "merchant",
    "application_id": "application",
    "recovery_id": "recovery",
    "letter_id": "letter",
    "filed_by": "account",
    "extension_letter_id": "letter",
    "handler_id": "account",
    "drafted_by": "account",
    "decided_by": "account",
    "result_letter_id": "letter",
}
_COUNTS = sa.text("status <> 'withdrawn'")


def upgrade() -> None:
    checks.replace("letter", "ck_letter_kind", f"kind IN {LETTERS}")
    for table in ("approval", "approval_band"):
        checks.replace(table, f"ck_{table}_matter", f"matter IN {MATTERS}")
    op.add_column("reservation", sa.Column("since", t.BigInt, nullable=True))
    op.create_table(
        "objection",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("recovery_id", t.BigInt, nullable=True),
        sa.Column("letter_id", t.BigInt, nullable=False),
        sa.Column("number", t.Text, nullable=False),
        sa.Column("against", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("at_stake", t.BigInt, nullable=False),
        sa.Column("act", t.Text, nullable=False),
        sa.Column("appeal_article", t.Text, nullable=False),
        sa.Column("appeal_until", t.Day, nullable=False),
        sa.Column("purport", t.Text, nullable=False),
        sa.Column("reasons", t.Text, nullable=False),
        sa.Column("phone", t.Text, nullable=False),
        sa.Column("document_sha256", t.Text, nullable=True),
        sa.Column("document_name", t.Text, nullable=True),
        sa.Column("document_type", t.Text, nullable=True),
        sa.Column("filed_by", t.BigInt, nullable=False),
        sa.Column("filed_at", t.Moment, nullable=False),
        sa.Column("reply_article", t.Text, nullable=False),
        sa.Column("first_due_on", t.Day, nullable=False),
        sa.Column("due_on", t.Day, nullable=False),
        sa.Column("extended_at", t.Moment, nullable=True),
        sa.Column("extension_reason", t.Text, nullable=False),
        sa.Column("extension_letter_id", t.BigInt, nullable=True),
        sa.Column("handler_id", t.BigInt, nullable=True),
        sa.Column("outcome", t.Text, nullable=True),
        sa.Column("amount", t.BigInt, nullable=True),
        sa.Column("answer", t.Text, nullable=False),
        sa.Column("drafted_by", t.BigInt, nullable=True),
        sa.Column("drafted_at", t.Moment, nullable=True),
        sa.Column("decided_by", t.BigInt, nullable=True),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.Column("result_letter_id", t.BigInt, nullable=True),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_objection_status")),
        sa.CheckConstraint(
            "against IN ('rejection', 'partial', 'return', 'recovery')", name=op.f("ck_objection_against")
        ),
        sa.CheckConstraint(f"outcome IS NULL OR outcome IN {OUTCOMES}", name=op.f("ck_objection_outcome")),
        sa.CheckConstraint("(against = 'recovery') = (recovery_id IS NOT NULL)", name=op.f("ck_objection_recovery")),
        sa.CheckConstraint("at_stake >= 0 AND (amount IS NULL OR amount > 0)", name=op.f("ck_objection_amounts")),
        sa.CheckConstraint(DECIDED, name=op.f("ck_objection_decided")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_objection_{column}_{target}"))
            for column, target in _TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
        sqlite_strict=True,
    )
    for column in ("merchant_id", "application_id", "recovery_id"):
        op.create_index(op.f(f"ix_objection_{column}"), "objection", [column])
    op.create_index("ix_objection_organisation_id_status_due_on", "objection", ["organisation_id", "status", "due_on"])
    op.create_index(
        "uq_objection_counting", "objection", ["letter_id"], unique=True,
        sqlite_where=_COUNTS, postgresql_where=_COUNTS,
    )  # fmt: skip


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
