"""Absences of officials who approve, with their stand-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0040_absences"
down_revision = "0039_reservations"
branch_labels = None
depends_on = None

_TARGETS = {
    "organisation_id": "organisation",
    "account_id": "account",
    "stand_in_id": "account",
    "entered_by": "account",
}


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("stand_in_id", t.BigInt, nullable=False),
        sa.Column("from_on", t.Day, nullable=False),
        sa.Column("to_on", t.Day, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("entered_by", t.BigInt, nullable=False),
        sa.Column("entered_at", t.Moment, nullable=False),
        sa.Column("ended_at", t.Moment, nullable=True),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_absence_dates")),
        sa.CheckConstraint("stand_in_id <> account_id", name=op.f("ck_absence_another")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_absence_{column}_{target}"))
            for column, target in _TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_absence_account_id"), "absence", ["account_id"])
    op.create_index("ix_absence_organisation_id_to_on", "absence", ["organisation_id", "to_on"])


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
