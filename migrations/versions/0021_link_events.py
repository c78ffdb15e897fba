"""Webhooks also tell how a link was decided and that it ended.

SQLite cannot change a CHECK: the table is made anew, and with it the one that refers to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0021_link_events"
down_revision = "0020_evidence"
branch_labels = None
depends_on = None

_EVENTS = "event IN ('link.proposed', 'link.confirmed', 'link.refused', 'link.ended', 'rows.refused')"
_NAME = "ck_webhook_message_event"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_NAME), "webhook_message", type_="check")
        op.create_check_constraint(op.f(_NAME), "webhook_message", _EVENTS)
        return
    _make_messages("new_message")
    op.execute("INSERT INTO new_message SELECT * FROM webhook_message")
    _make_tries("new_try", "new_message")
    op.execute("INSERT INTO new_try SELECT * FROM webhook_try")
    op.drop_table("webhook_try")
    op.drop_table("webhook_message")
    op.rename_table("new_message", "webhook_message")
    op.rename_table("new_try", "webhook_try")
    op.create_index("ix_webhook_message_due_at", "webhook_message", ["due_at"], unique=False)
    op.create_index(op.f("ix_webhook_message_webhook_id"), "webhook_message", ["webhook_id"], unique=False)
    op.create_index(op.f("ix_webhook_try_message_id"), "webhook_try", ["message_id"], unique=False)


def _make_messages(name: str) -> None:
    op.create_table(
        name,
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
        sa.CheckConstraint(_EVENTS, name=op.f(_NAME)),
        sa.CheckConstraint(
            "CASE WHEN due_at IS NULL THEN 0 ELSE 1 END + CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN given_up_at IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_webhook_message_one_fate"),
        ),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_message_webhook_id_webhook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_message")),
        sqlite_strict=True,
    )


def _make_tries(name: str, of: str) -> None:
    op.create_table(
        name,
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("message_id", t.BigInt, nullable=False),
        sa.Column("tried_at", t.Moment, nullable=False),
        sa.Column("answered_with", t.BigInt, nullable=True),
        sa.Column("problem", t.Text, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], [f"{of}.id"], name=op.f("fk_webhook_try_message_id_webhook_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_try")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
