"""Webhooks: addresses, the outbox and its tries; signatures that were used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0017_webhooks"
down_revision = "0016_api_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("api_client_id", t.BigInt, nullable=False),
        sa.Column("url", t.Text, nullable=False),
        sa.Column("registered_at", t.Moment, nullable=False),
        sa.Column("ended_at", t.Moment, nullable=True),
        sa.ForeignKeyConstraint(["api_client_id"], ["api_client.id"], name=op.f("fk_webhook_api_client_id_api_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_webhook_living",
        "webhook",
        ["api_client_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "webhook_message",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("webhook_id", t.BigInt, nullable=False),
        sa.Column("event", t.Text, nullable=False),
        sa.Column("about", t.Json, nullable=False),
        sa.Column("made_at", t.Moment, nullable=False),
        sa.Column("due_at", t.Moment, nullable=True),
        sa.Column("tries", t.BigInt, nullable=False),
        sa.Column("token", t.Text, nullable=True),
        sa.Column("held_until", t.Moment, nullable=True),
        sa.Column("delivered_at", t.Moment, nullable=True),
        sa.Column("given_up_at", t.Moment, nullable=True),
        sa.CheckConstraint("event IN ('link.proposed', 'rows.refused')", name=op.f("ck_webhook_message_event")),
        sa.CheckConstraint(
            "CASE WHEN due_at IS NULL THEN 0 ELSE 1 END + CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END + CASE WHEN given_up_at IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_webhook_message_one_fate"),
        ),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_message_webhook_id_webhook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_message")),
        sqlite_strict=True,
    )
    op.create_index("ix_webhook_message_due_at", "webhook_message", ["due_at"], unique=False)
    op.create_index(op.f("ix_webhook_message_webhook_id"), "webhook_message", ["webhook_id"], unique=False)
    op.create_table(
        "webhook_try",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("message_id", t.BigInt, nullable=False),
        sa.Column("tried_at", t.Moment, nullable=False),
        sa.Column("answered_with", t.BigInt, nullable=True),
        sa.Column("problem", t.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["webhook_message.id"], name=op.f("fk_webhook_try_message_id_webhook_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_try")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_webhook_try_message_id"), "webhook_try", ["message_id"], unique=False)
    op.create_table(
        "api_signature",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("signature", t.Text, nullable=False),
        sa.Column("seen_at", t.Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_signature")),
        sa.UniqueConstraint("signature", name=op.f("uq_api_signature_signature")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_signature_seen_at"), "api_signature", ["seen_at"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
