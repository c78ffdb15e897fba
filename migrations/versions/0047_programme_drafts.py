"""Programmes being written by browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0047_programme_drafts"
down_revision = "0046_clocks"
branch_labels = None
depends_on = None

_TARGETS = {
    "organisation_id": "organisation",
    "programme_id": "programme",
    "base_version_id": "programme_version",
    "version_id": "programme_version",
}


def upgrade() -> None:
    op.create_table(
        "programme_draft",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=True),
        sa.Column("base_version_id", t.BigInt, nullable=True),
        sa.Column("version_id", t.BigInt, nullable=True),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("text", t.Text, nullable=False),
        sa.Column("started_at", t.Moment, nullable=False),
        sa.Column("changed_at", t.Moment, nullable=False),
        sa.CheckConstraint("status IN ('editing', 'handed_over', 'discarded')", name=op.f("ck_programme_draft_status")),
        sa.CheckConstraint(
            "(status = 'handed_over') = (version_id IS NOT NULL)", name=op.f("ck_programme_draft_version")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_programme_draft_{column}_{target}"))
            for column, target in _TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_draft")),
        sqlite_strict=True,
    )
    for column in ("organisation_id", "programme_id", "version_id"):
        op.create_index(op.f(f"ix_programme_draft_{column}"), "programme_draft", [column])


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
