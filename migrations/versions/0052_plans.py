"""Plans with their versions, reports of what was spent and reached, their figures and checks; two new notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only, checks
from migrations import column_types as t

revision = "0052_plans"
down_revision = "0051_programme_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    checks.widen("notification", "kind", "plan_report_waits", "plan_report_refused")
    _plans()
    _reports()
    for table in ("plan_version", "plan_report", "plan_figure"):
        append_only.protect(table)


def _plans() -> None:
    op.create_table(
        "plan",
        _key(),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        _to("plan", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_plan_organisation_id"), "plan", ["organisation_id"])
    op.create_table(
        "plan_version",
        _key(),
        sa.Column("plan_id", t.BigInt, nullable=False),
        sa.Column("number", t.BigInt, nullable=False),
        sa.Column("text", t.Text, nullable=False),
        sa.Column("content_hash", t.Text, nullable=False),
        sa.Column("loaded_by", t.BigInt, nullable=False),
        sa.Column("loaded_at", t.Moment, nullable=False),
        _to("plan_version", "plan_id", "plan"),
        _to("plan_version", "loaded_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
        sqlite_strict=True,
    )


def _reports() -> None:
    op.create_table(
        "plan_report",
        _key(),
        sa.Column("plan_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("node", t.Text, nullable=False),
        sa.Column("year", t.BigInt, nullable=False),
        sa.Column("as_of", t.Day, nullable=False),
        sa.Column("document", t.Text, nullable=False),
        sa.Column("note", t.Text, nullable=False),
        sa.Column("document_sha256", t.Text, nullable=True),
        sa.Column("document_name", t.Text, nullable=True),
        sa.Column("document_type", t.Text, nullable=True),
        sa.Column("reported_by", t.BigInt, nullable=False),
        sa.Column("reported_at", t.Moment, nullable=False),
        _to("plan_report", "plan_id", "plan"),
        _to("plan_report", "version_id", "plan_version"),
        _to("plan_report", "reported_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_report")),
        sqlite_strict=True,
    )
    op.create_index("ix_plan_report_plan_id_node", "plan_report", ["plan_id", "node"])
    op.create_table(
        "plan_figure",
        _key(),
        sa.Column("report_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("key", t.Text, nullable=False),
        sa.Column("value", t.BigInt, nullable=False),
        sa.CheckConstraint("kind IN ('spent', 'reached')", name=op.f("ck_plan_figure_kind")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_plan_figure_value")),
        _to("plan_figure", "report_id", "plan_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_figure")),
        sa.UniqueConstraint("report_id", "kind", "key", name=op.f("uq_plan_figure_report_id_kind_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan_check",
        sa.Column("id", t.BigInt, autoincrement=False, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("decided_by", t.BigInt, nullable=True),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.Column("note", t.Text, nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'confirmed', 'refused')", name=op.f("ck_plan_check_status")),
        sa.CheckConstraint("status = 'waiting' OR decided_at IS NOT NULL", name=op.f("ck_plan_check_decided")),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_plan_check_decider")),
        _to("plan_check", "id", "plan_report"),
        _to("plan_check", "decided_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_check")),
        sqlite_strict=True,
    )


def _key() -> sa.Column[int]:
    return sa.Column("id", t.BigInt, autoincrement=True, nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
