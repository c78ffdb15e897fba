"""Vouchers: entries made by hand by two persons, with their documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0027_vouchers"
down_revision = "0026_fiscal_years"
branch_labels = None
depends_on = None

REFERENCES = {
    "organisation_id": "organisation",
    "line_id": "budget_line",
    "to_line_id": "budget_line",
    "corrects_id": "ledger_entry",
    "drafted_by": "account",
}


def upgrade() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("line_id", t.BigInt, nullable=False),
        sa.Column("to_line_id", t.BigInt, nullable=True),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("corrects_id", t.BigInt, nullable=True),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("drafted_by", t.BigInt, nullable=False),
        sa.Column("drafted_at", t.Moment, nullable=False),
        sa.Column("posted_at", t.Moment, nullable=True),
        sa.CheckConstraint(
            "kind IN ('appropriate', 'reduce', 'transfer', 'release', 'return')", name=op.f("ck_voucher_kind")
        ),
        sa.CheckConstraint("status IN ('drafted', 'posted', 'withdrawn', 'refused')", name=op.f("ck_voucher_status")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_amount")),
        sa.CheckConstraint("(kind = 'transfer') = (to_line_id IS NOT NULL)", name=op.f("ck_voucher_transfer")),
        sa.CheckConstraint("to_line_id IS NULL OR to_line_id <> line_id", name=op.f("ck_voucher_lines")),
        sa.CheckConstraint(
            "(kind IN ('release', 'return')) = (corrects_id IS NOT NULL)", name=op.f("ck_voucher_corrects")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_voucher_reason")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_voucher_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sqlite_strict=True,
    )
    op.create_index("ix_voucher_organisation_id_id", "voucher", ["organisation_id", "id"], unique=False)
    for column in ("line_id", "to_line_id", "corrects_id", "drafted_by"):
        op.create_index(op.f(f"ix_voucher_{column}"), "voucher", [column], unique=False)
    op.create_table(
        "voucher_document",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("voucher_id", t.BigInt, nullable=False),
        sa.Column("filename", t.Text, nullable=False),
        sa.Column("media_type", t.Text, nullable=False),
        sa.Column("size", t.BigInt, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_voucher_document_size")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_document_voucher_id_voucher")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_document")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_voucher_document_voucher_id"), "voucher_document", ["voucher_id"], unique=False)
    append_only.protect("voucher_document")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
