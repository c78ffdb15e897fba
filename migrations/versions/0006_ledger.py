"""The budget ledger, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only
from migrations import column_types as t

revision = "0006_ledger"
down_revision = "0005_applications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_line",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("fiscal_year", t.BigInt, nullable=False),
        sa.Column("source", t.Text, nullable=False),
        sa.Column("total", t.BigInt, nullable=False),
        sa.Column("used", t.BigInt, nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= total", name=op.f("ck_budget_line_not_overspent")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_budget_line_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_budget_line_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "programme_id", "fiscal_year", "source", name=op.f("uq_budget_line_programme_id_fiscal_year_source")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_budget_line_organisation_id"), "budget_line", ["organisation_id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("source_key", t.Text, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("posted_on", t.Day, nullable=False),
        sa.Column("posted_at", t.Moment, nullable=False),
        sa.Column("posted_by", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=True),
        sa.Column("note", t.Text, nullable=False),
        sa.CheckConstraint(
            "kind IN ('appropriate', 'commit', 'release', 'disburse', 'return', 'recover')",
            name=op.f("ck_ledger_entry_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_ledger_entry_application_id_application")
        ),
        sa.ForeignKeyConstraint(["posted_by"], ["account.id"], name=op.f("fk_ledger_entry_posted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("source_key", name=op.f("uq_ledger_entry_source_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_ledger_entry_application_id"), "ledger_entry", ["application_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_posted_by"), "ledger_entry", ["posted_by"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("entry_id", t.BigInt, nullable=False),
        sa.Column("budget_line_id", t.BigInt, nullable=False),
        sa.Column("debit", t.Text, nullable=False),
        sa.Column("credit", t.Text, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("credit IN ('source', 'available', 'committed', 'paid')", name=op.f("ck_posting_credit")),
        sa.CheckConstraint("debit IN ('source', 'available', 'committed', 'paid')", name=op.f("ck_posting_debit")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_posting_amount")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_posting_accounts")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_line.id"], name=op.f("fk_posting_budget_line_id_budget_line")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_posting_entry_id_ledger_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("entry_id", "budget_line_id", name=op.f("uq_posting_entry_id_budget_line_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_posting_budget_line_id"), "posting", ["budget_line_id"], unique=False)
    append_only.protect("ledger_entry")
    append_only.protect("posting")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
