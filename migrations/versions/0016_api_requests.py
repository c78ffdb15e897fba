"""Requests of the partner API by their Idempotency-Key, and the months that platforms state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0016_api_requests"
down_revision = "0015_api_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_request",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("api_client_id", t.BigInt, nullable=False),
        sa.Column("route", t.Text, nullable=False),
        sa.Column("key", t.Text, nullable=False),
        sa.Column("body_sha256", t.Text, nullable=False),
        sa.Column("token", t.Text, nullable=False),
        sa.Column("held_until", t.Moment, nullable=False),
        sa.Column("asked_at", t.Moment, nullable=False),
        sa.Column("answered_at", t.Moment, nullable=True),
        sa.Column("answered_with", t.BigInt, nullable=True),
        sa.Column("answer", t.Json, nullable=True),
        sa.CheckConstraint("(answered_with IS NULL) = (answered_at IS NULL)", name=op.f("ck_api_request_answered")),
        sa.ForeignKeyConstraint(
            ["api_client_id"], ["api_client.id"], name=op.f("fk_api_request_api_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_request")),
        sa.UniqueConstraint("api_client_id", "route", "key", name=op.f("uq_api_request_api_client_id_route_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "platform_statement",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("totals", t.Json, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("stated_by", t.BigInt, nullable=False),
        sa.Column("stated_at", t.Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_platform_statement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["stated_by"], ["account.id"], name=op.f("fk_platform_statement_stated_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_statement")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_platform_statement_organisation_id_platform_period",
        "platform_statement",
        ["organisation_id", "platform", "period"],
        unique=False,
    )
    op.create_index(op.f("ix_platform_statement_stated_by"), "platform_statement", ["stated_by"], unique=False)
    append_only.protect("platform_statement")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
