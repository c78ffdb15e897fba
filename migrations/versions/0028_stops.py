"""The stop button: who stopped payments, and who let them go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0028_stops"
down_revision = "0027_vouchers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_stop",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=True),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("user_id", t.BigInt, nullable=True),
        sa.Column("person_id", t.BigInt, nullable=True),
        sa.Column("at", t.Moment, nullable=False),
        sa.CheckConstraint(
            "kind IN ('ask', 'stop', 'violation', 'decline', 'ask_restart', 'restart')",
            name=op.f("ck_payment_stop_kind"),
        ),
        sa.CheckConstraint("(kind = 'violation') = (person_id IS NULL)", name=op.f("ck_payment_stop_person")),
        sa.CheckConstraint("(user_id IS NULL) = (person_id IS NULL)", name=op.f("ck_payment_stop_user")),
        sa.CheckConstraint("kind <> 'violation' OR organisation_id IS NULL", name=op.f("ck_payment_stop_whole")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_payment_stop_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_payment_stop_user_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payment_stop_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_stop")),
        sqlite_strict=True,
    )
    for column in ("organisation_id", "user_id", "person_id"):
        op.create_index(op.f(f"ix_payment_stop_{column}"), "payment_stop", [column], unique=False)
    append_only.protect("payment_stop")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
