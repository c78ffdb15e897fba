"""What officials declare of their interest in a case before they act on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0038_declarations"
down_revision = "0037_approval_bands"
branch_labels = None
depends_on = None

_NAME = "interest_declaration"


def upgrade() -> None:
    op.create_table(
        _NAME,
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("person_id", t.BigInt, nullable=False),
        sa.Column("has_interest", t.Flag, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("declared_at", t.Moment, nullable=False),
        sa.CheckConstraint("has_interest = (reason <> '')", name=op.f("ck_interest_declaration_reason")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_interest_declaration_{column}_{target}"))
            for column, target in (
                ("application_id", "application"),
                ("account_id", "account"),
                ("person_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_declaration")),
        sqlite_strict=True,
    )
    op.create_index("ix_interest_declaration_application_id_person_id", _NAME, ["application_id", "person_id"])
    op.create_index("ix_interest_declaration_person_id", _NAME, ["person_id"])
    append_only.protect(_NAME)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
