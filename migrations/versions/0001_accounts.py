"""Organisations, persons, accounts, roles, sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0001_accounts"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.Column("head_title", t.Text, nullable=False),
        sa.Column("level", t.Text, nullable=False),
        sa.Column("region_code", t.Text, nullable=False),
        sa.Column("contact_unit", t.Text, nullable=False),
        sa.Column("contact_phone", t.Text, nullable=False),
        sa.Column("contact_email", t.Text, nullable=False),
        sa.Column("address", t.Text, nullable=False),
        sa.CheckConstraint("level IN ('ministry', 'city', 'county')", name=op.f("ck_organisation_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "account",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("person_id", t.BigInt, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=True),
        sa.Column("login", t.Text, nullable=False),
        sa.Column("password_hash", t.Text, nullable=False),
        sa.Column("title", t.Text, nullable=False),
        sa.Column("active", t.Flag, nullable=False),
        sa.Column("created_at", t.Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_organisation_id"), "account", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("user_id", t.BigInt, nullable=False),
        sa.Column("role", t.Text, nullable=False),
        sa.Column("granted_at", t.Moment, nullable=False),
        sa.Column("granted_by", t.BigInt, nullable=True),
        sa.Column("revoked_at", t.Moment, nullable=True),
        sa.CheckConstraint(
            "role IN ('merchant', 'reviewer', 'approver', 'payer', 'auditor', 'policymaker', 'manager', 'administrator')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_role_grant_granted_by_account")),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_role_grant_user_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("user_id", "role", "granted_at", name=op.f("uq_role_grant_user_id_role_granted_at")),
        sqlite_strict=True,
    )
    op.create_table(
        "login_session",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("token_hash", t.Text, nullable=False),
        sa.Column("user_id", t.BigInt, nullable=False),
        sa.Column("created_at", t.Moment, nullable=False),
        sa.Column("last_seen_at", t.Moment, nullable=False),
        sa.Column("ended_at", t.Moment, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_login_session_user_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_session_user_id_ended_at", "login_session", ["user_id", "ended_at"], unique=False)
    op.create_table(
        "login_attempt",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("login_key", t.Text, nullable=False),
        sa.Column("at", t.Moment, nullable=False),
        sa.Column("succeeded", t.Flag, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_attempt_login_key_at", "login_attempt", ["login_key", "at"], unique=False)
    op.create_table(
        "heartbeat",
        sa.Column("id", t.BigInt, autoincrement=False, nullable=False),
        sa.Column("at", t.Moment, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
