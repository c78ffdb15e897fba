"""Letters and their number series."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0007_letters"
down_revision = "0006_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_series",
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("year", t.BigInt, nullable=False),
        sa.Column("last_number", t.BigInt, nullable=False),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_document_series_last_number")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_document_series_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", name=op.f("pk_document_series")),
        sqlite_strict=True,
    )
    op.create_table(
        "letter",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("year", t.BigInt, nullable=False),
        sa.Column("document_number", t.Text, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=True),
        sa.Column("title", t.Text, nullable=False),
        sa.Column("recipient", t.Text, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.Column("size", t.BigInt, nullable=False),
        sa.Column("verification_code", t.Text, nullable=False),
        sa.Column("issued_at", t.Moment, nullable=False),
        sa.CheckConstraint("kind IN ('decision', 'rejection', 'supplement', 'payment')", name=op.f("ck_letter_kind")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_letter_application_id_application")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_letter_merchant_id_merchant")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_letter_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "organisation_id", "year", "document_number", name=op.f("uq_letter_organisation_id_year_document_number")
        ),
        sa.UniqueConstraint("verification_code", name=op.f("uq_letter_verification_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_letter_application_id"), "letter", ["application_id"], unique=False)
    op.create_index(op.f("ix_letter_merchant_id"), "letter", ["merchant_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
