"""The audit trail, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0002_audit"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("noun", t.Text, nullable=False),
        sa.Column("record_id", t.BigInt, nullable=False),
        sa.Column("action", t.Text, nullable=False),
        sa.Column("source", t.Text, nullable=True),
        sa.Column("target", t.Text, nullable=True),
        sa.Column("user_id", t.BigInt, nullable=False),
        sa.Column("person_id", t.BigInt, nullable=False),
        sa.Column("at", t.Moment, nullable=False),
        sa.Column("note", t.Text, nullable=False),
        sa.Column("details", t.Json, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_event_person_id_person")),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_audit_event_user_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_event_noun_record_id_id", "audit_event", ["noun", "record_id", "id"], unique=False)
    append_only.protect("audit_event")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
