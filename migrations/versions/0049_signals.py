"""Signals of duplicate or improper receipt, the rounds that look for them, and the kind of job that does a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0049_signals"
down_revision = "0048_selections"
branch_labels = None
depends_on = None

RULES = (
    "('same_account', 'same_place', 'several_applications', 'same_document', 'reopened', 'account_changed',"
    " 'paid_twice', 'night_orders', 'jump', 'round_amounts', 'repeated_orders', 'cancelled_then_claimed',"
    " 'sales_above_stated')"
)
STATUSES = "('open', 'unfounded', 'to_check', 'confirmed', 'gone')"
JUDGED = (
    "NOT (status IN ('unfounded', 'to_check', 'confirmed'))"
    " OR (judged_by IS NOT NULL AND judged_at IS NOT NULL AND reason <> '')"
)


def upgrade() -> None:
    checks.widen("job", "kind", "signals")
    checks.widen("notification", "kind", "signal_confirmed", "signal_otherwise")
    op.create_table(
        "signal_round",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=True),
        sa.Column("outcome", t.Json, nullable=True),
        *_references("signal_round", {"organisation_id": "organisation", "merchant_id": "merchant"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_round")),
        sqlite_strict=True,
    )
    for column in ("organisation_id", "merchant_id"):
        op.create_index(op.f(f"ix_signal_round_{column}"), "signal_round", [column])
    op.create_table(
        "signal",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("rule", t.Text, nullable=False),
        sa.Column("scope", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("facts", t.Json, nullable=False),
        sa.Column("fingerprint", t.Text, nullable=False),
        sa.Column("present", t.Flag, nullable=False),
        sa.Column("first_seen_at", t.Moment, nullable=False),
        sa.Column("seen_at", t.Moment, nullable=False),
        sa.Column("judged_by", t.BigInt, nullable=True),
        sa.Column("judged_at", t.Moment, nullable=True),
        sa.Column("reason", t.Text, nullable=False),
        sa.CheckConstraint(f"rule IN {RULES}", name=op.f("ck_signal_rule")),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_signal_status")),
        sa.CheckConstraint(JUDGED, name=op.f("ck_signal_judged")),
        *_references(
            "signal", {"organisation_id": "organisation", "merchant_id": "merchant", "judged_by": "account"}
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint(
            "organisation_id", "merchant_id", "rule", "scope",
            name=op.f("uq_signal_organisation_id_merchant_id_rule_scope"),
        ),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_signal_merchant_id"), "signal", ["merchant_id"])
    op.create_index("ix_signal_organisation_id_status_id", "signal", ["organisation_id", "status", "id"])


def _references(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
