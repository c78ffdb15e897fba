"""Money kept for applications from their acceptance on, and the waiting list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0039_reservations"
down_revision = "0038_declarations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reservation",
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("reserved", t.BigInt, nullable=False),
        sa.Column("entered_at", t.Moment, nullable=False),
        sa.Column("reserved_at", t.Moment, nullable=True),
        sa.Column("closed_at", t.Moment, nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'reserved', 'used', 'released')", name=op.f("ck_reservation_status")),
        sa.CheckConstraint("amount > 0 AND reserved >= 0 AND reserved <= amount", name=op.f("ck_reservation_reserved")),
        sa.CheckConstraint("(reserved > 0) = (status IN ('reserved', 'used'))", name=op.f("ck_reservation_kept")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_reservation_application_id_application")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_reservation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_reservation_status"), "reservation", ["status"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
