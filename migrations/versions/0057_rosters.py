"""Associations' applications for their members; a loaded plan that waits for a second person; four new notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0057_rosters"
down_revision = "0056_services_ended"
branch_labels = None
depends_on = None

_LISTED = sa.text("status <> 'removed'")


def upgrade() -> None:
    checks.widen("mandate", "capacity", "association")
    checks.widen(
        "notification", "kind",
        "membership_asked", "membership_answered", "plan_version_waits", "plan_version_refused",
    )  # fmt: skip
    _roster()
    _paper()
    _member()
    _plan_versions()


def _roster() -> None:
    op.create_table(
        "roster",
        _key(),
        *_numbers("programme_id", "account_id"),
        *_texts("status", "association", "number", "market", "region_code", "phone"),
        sa.Column("opened_at", t.Moment, nullable=False),
        sa.Column("handed_in_at", t.Moment, nullable=True),
        sa.CheckConstraint("status IN ('draft', 'handed_in', 'withdrawn')", name=op.f("ck_roster_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        *_to("roster", {"programme_id": "programme", "account_id": "account"}),
        sqlite_strict=True,
    )
    for column in ("programme_id", "account_id"):
        op.create_index(op.f(f"ix_roster_{column}"), "roster", [column])


def _paper() -> None:
    op.create_table(
        "roster_paper",
        _key(),
        *_numbers("roster_id"),
        *_texts("document_sha256", "document_name", "document_type"),
        *_numbers("added_by"),
        sa.Column("added_at", t.Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_paper")),
        *_to("roster_paper", {"roster_id": "roster", "added_by": "account"}),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_roster_paper_roster_id"), "roster_paper", ["roster_id"])


def _member() -> None:
    statuses = "'waiting', 'signed', 'confirmed', 'declined', 'handed_in', 'removed'"
    targets = {
        "roster_id": "roster",
        "paper_id": "roster_paper",
        "application_id": "application",
        "answered_by": "account",
    }
    op.create_table(
        "roster_member",
        _key(),
        *_numbers("roster_id"),
        *_texts("status", "way", "business_number", "trade_name", "representative"),
        sa.Column("born_on", t.Bytes, nullable=False),
        *_texts("phone", "address"),
        *_numbers("industry_edition"),
        *_texts("industry_code"),
        sa.Column("opened_on", t.Day, nullable=True),
        *_numbers("regular_workers_tenths", nullable=True),
        *_texts("bank_code"),
        sa.Column("account_number", t.Bytes, nullable=False),
        *_texts("account_holder", "store_id"),
        *_numbers("paper_id", "application_id", "answered_by", nullable=True),
        sa.Column("answered_at", t.Moment, nullable=True),
        sa.CheckConstraint(f"status IN ({statuses})", name=op.f("ck_roster_member_status")),
        sa.CheckConstraint("way IN ('paper', 'portal')", name=op.f("ck_roster_member_way")),
        sa.CheckConstraint(
            "status <> 'handed_in' OR application_id IS NOT NULL", name=op.f("ck_roster_member_handed_in")
        ),
        sa.CheckConstraint("status <> 'signed' OR paper_id IS NOT NULL", name=op.f("ck_roster_member_signed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_member")),
        *_to("roster_member", targets),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_roster_member_listed", "roster_member", ["roster_id", "business_number"], unique=True,
        sqlite_where=_LISTED, postgresql_where=_LISTED,
    )  # fmt: skip
    op.create_index("ix_roster_member_business_number", "roster_member", ["business_number"])
    for column in ("roster_id", "application_id"):
        op.create_index(op.f(f"ix_roster_member_{column}"), "roster_member", [column])


def _plan_versions() -> None:
    """What was loaded before has no row here, and stays in force as it was."""
    op.create_table(
        "plan_version_check",
        sa.Column("id", t.BigInt, nullable=False),
        *_texts("status"),
        *_numbers("decided_by", nullable=True),
        sa.Column("decided_at", t.Moment, nullable=True),
        *_texts("note"),
        sa.CheckConstraint("status IN ('waiting', 'confirmed', 'refused')", name=op.f("ck_plan_version_check_status")),
        sa.CheckConstraint("status = 'waiting' OR decided_at IS NOT NULL", name=op.f("ck_plan_version_check_decided")),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_plan_version_check_decider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version_check")),
        *_to("plan_version_check", {"id": "plan_version", "decided_by": "account"}),
        sqlite_strict=True,
    )


def _key() -> sa.Column:
    return sa.Column("id", t.BigInt, autoincrement=True, nullable=False)


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, t.BigInt, nullable=nullable) for name in names]


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, t.Text, nullable=False) for name in names]


def _to(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
