"""Inboxes, where people are told outside of them, and the outbox of mail and messages with every try."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0045_notifications"
down_revision = "0044_objections"
branch_labels = None
depends_on = None

KINDS = (
    "('received', 'supplement_asked', 'decided', 'decision_changed', 'rejected', 'reserved', 'claim_approved', "
    "'paid', 'payment_refused', 'payment_returned', 'account_changed', 'link_confirmed', 'link_refused', "
    "'link_ended', 'evidence_confirmed', 'evidence_refused', 'recovery_notice', 'recovery_order', "
    "'recovery_instalments', 'recovery_closed', 'extended', 'extension_asked', 'supplement_extended', "
    "'status_notice', 'returned', 'objection_extended', 'objection_answered', 'supplement_answered', "
    "'withdrawn', 'decision_waits', "
    "'sent_back', 'change_waits', 'change_approved', 'change_refused', 'opinion_given', 'order_waits', "
    "'order_sent_back', 'objection_raised', 'objection_waits', 'run_waits', 'standing_in', "
    "'supplement_due', 'call_closes', 'opinion_due', 'repayment_due', 'cases_due')"
)
TOPICS = "('legal', 'progress', 'reminder', 'work')"
OPTIONAL = "('progress', 'reminder', 'work')"
CHANNELS = "('mail', 'sms', 'messenger')"
STATUSES = "('waiting', 'sent', 'refused', 'bounced', 'given_up', 'dropped')"
VERDICTS = "('taken', 'later', 'no_such_address', 'never')"


def upgrade() -> None:
    _inbox()
    _contacts()
    _outbox()


def _partial(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _inbox() -> None:
    op.create_table(
        "notification",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("topic", t.Text, nullable=False),
        sa.Column("record_id", t.BigInt, nullable=False),
        sa.Column("about", t.Text, nullable=False),
        sa.Column("due_on", t.Day, nullable=True),
        sa.Column("day", t.Day, nullable=True),
        sa.Column("made_at", t.Moment, nullable=False),
        sa.Column("read_at", t.Moment, nullable=True),
        sa.Column("spread_at", t.Moment, nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_notification_kind")),
        sa.CheckConstraint(f"topic IN {TOPICS}", name=op.f("ck_notification_topic")),
        _refers("notification", "account_id", "account"),
        _refers("notification", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notification_organisation_id"), "notification", ["organisation_id"])
    op.create_index("ix_notification_account_id_id", "notification", ["account_id", "id"])
    op.create_index("ix_notification_unread", "notification", ["account_id"], **_partial("read_at IS NULL"))
    op.create_index("ix_notification_unspread", "notification", ["id"], **_partial("spread_at IS NULL"))
    reminder = ["account_id", "kind", "record_id", "day"]
    op.create_index("uq_notification_reminder", "notification", reminder, unique=True, **_partial("day IS NOT NULL"))
    op.create_table(
        "notification_mute",
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("topic", t.Text, nullable=False),
        sa.CheckConstraint(f"topic IN {OPTIONAL}", name=op.f("ck_notification_mute_topic")),
        _refers("notification_mute", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", "topic", name=op.f("pk_notification_mute")),
        sqlite_strict=True,
    )


def _contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("channel", t.Text, nullable=False),
        sa.Column("address", t.Bytes, nullable=False),
        sa.Column("wanted", t.Flag, nullable=False),
        sa.Column("quiet_from", t.BigInt, nullable=False),
        sa.Column("quiet_to", t.BigInt, nullable=False),
        sa.Column("changed_at", t.Moment, nullable=False),
        sa.Column("bad_since", t.Moment, nullable=True),
        sa.Column("bad_reason", t.Text, nullable=False),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name=op.f("ck_contact_channel")),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name=op.f("ck_contact_quiet")),
        _refers("contact", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", "channel", name=op.f("pk_contact")),
        sqlite_strict=True,
    )


def _outbox() -> None:
    op.create_table(
        "message",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("notification_id", t.BigInt, nullable=False),
        sa.Column("channel", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("header_id", t.Text, nullable=False),
        sa.Column("address", t.Bytes, nullable=True),
        sa.Column("made_at", t.Moment, nullable=False),
        sa.Column("due_at", t.Moment, nullable=True),
        sa.Column("tries", t.BigInt, nullable=False),
        sa.Column("token", t.Text, nullable=True),
        sa.Column("held_until", t.Moment, nullable=True),
        sa.Column("ended_at", t.Moment, nullable=True),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name=op.f("ck_message_channel")),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_message_status")),
        sa.CheckConstraint("(status = 'waiting') = (due_at IS NOT NULL)", name=op.f("ck_message_one_fate")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_message_tries")),
        _refers("message", "notification_id", "notification"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("notification_id", "channel", name=op.f("uq_message_notification_id_channel")),
        sa.UniqueConstraint("header_id", name=op.f("uq_message_header_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_message_due_at", "message", ["due_at"])
    op.create_table(
        "message_try",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("message_id", t.BigInt, nullable=False),
        sa.Column("tried_at", t.Moment, nullable=False),
        sa.Column("verdict", t.Text, nullable=False),
        sa.Column("code", t.BigInt, nullable=True),
        sa.Column("problem", t.Text, nullable=False),
        sa.Column("later", t.Flag, nullable=False),
        sa.CheckConstraint(f"verdict IN {VERDICTS}", name=op.f("ck_message_try_verdict")),
        _refers("message_try", "message_id", "message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_try")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_message_try_message_id"), "message_try", ["message_id"])


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
