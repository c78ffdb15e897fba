"""Programmes and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0004_programmes"
down_revision = "0003_merchants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_programme_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_programme_organisation_id"), "programme", ["organisation_id"], unique=False)
    op.create_table(
        "programme_version",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("number", t.BigInt, nullable=False),
        sa.Column("text", t.Text, nullable=False),
        sa.Column("content_hash", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("proposed_at", t.Moment, nullable=False),
        sa.Column("published_at", t.Moment, nullable=True),
        sa.CheckConstraint("status IN ('proposed', 'published', 'replaced')", name=op.f("ck_programme_version_status")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_version_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_version")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_version_programme_id_number")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
