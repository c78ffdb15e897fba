"""Changes of grants: proposed, approved or refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0041_grant_changes"
down_revision = "0040_absences"
branch_labels = None
depends_on = None

_TARGETS = {"application_id": "application", "proposed_by": "account", "decided_by": "account"}
_OPEN = sa.text("status = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "grant_change",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("amount_before", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("note", t.Text, nullable=False),
        sa.Column("proposed_by", t.BigInt, nullable=False),
        sa.Column("proposed_at", t.Moment, nullable=False),
        sa.Column("decided_by", t.BigInt, nullable=True),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.Column("upto", t.BigInt, nullable=True),
        sa.CheckConstraint("status IN ('proposed', 'approved', 'refused')", name=op.f("ck_grant_change_status")),
        sa.CheckConstraint("amount > 0 AND amount_before >= 0", name=op.f("ck_grant_change_amounts")),
        sa.CheckConstraint("status <> 'approved' OR upto IS NOT NULL", name=op.f("ck_grant_change_upto")),
        sa.CheckConstraint("status = 'proposed' OR decided_at IS NOT NULL", name=op.f("ck_grant_change_decided")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_grant_change_{column}_{target}"))
            for column, target in _TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_change")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_grant_change_application_id"), "grant_change", ["application_id"])
    op.create_index(
        "uq_grant_change_open", "grant_change", ["application_id"], unique=True,
        sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
