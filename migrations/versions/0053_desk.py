"""The officials' desk: who is in charge of a case, tags, and one step for many cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only, checks
from migrations import column_types as t

revision = "0053_desk"
down_revision = "0052_plans"
branch_labels = None
depends_on = None

ACTIONS = "('assign', 'tag', 'untag', 'take_up', 'request_supplement')"
_LIVES = sa.text("retired_at IS NULL")
_ON = sa.text("taken_off_at IS NULL")


def upgrade() -> None:
    checks.widen("notification", "kind", "case_assigned", "cases_assigned")
    checks.widen("job", "kind", "bulk")
    _tags()
    _runs()
    _assignments()


def _key() -> sa.Column[int]:
    return sa.Column("id", t.BigInt, autoincrement=True, nullable=False)


def _constraints(table: str, **targets: str) -> list[sa.Constraint]:
    """The primary key, and the foreign keys column -> table."""
    foreign = [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def _tags() -> None:
    op.create_table(
        "tag",
        _key(),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.Column("colour", t.Text, nullable=False),
        sa.Column("made_at", t.Moment, nullable=False),
        sa.Column("retired_at", t.Moment, nullable=True),
        sa.CheckConstraint("colour IN ('grey', 'blue', 'green', 'amber', 'red', 'violet')", name=op.f("ck_tag_colour")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_tag_name")),
        *_constraints("tag", organisation_id="organisation"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_tag_name", "tag", ["organisation_id", "name"], unique=True, sqlite_where=_LIVES, postgresql_where=_LIVES
    )
    op.create_table(
        "tagging",
        _key(),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("tag_id", t.BigInt, nullable=False),
        sa.Column("put_on_by", t.BigInt, nullable=False),
        sa.Column("put_on_at", t.Moment, nullable=False),
        sa.Column("taken_off_by", t.BigInt, nullable=True),
        sa.Column("taken_off_at", t.Moment, nullable=True),
        sa.CheckConstraint("(taken_off_at IS NULL) = (taken_off_by IS NULL)", name=op.f("ck_tagging_taken_off")),
        *_constraints(
            "tagging", application_id="application", tag_id="tag", put_on_by="account", taken_off_by="account"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_tagging_on", "tagging", ["application_id", "tag_id"], unique=True, sqlite_where=_ON, postgresql_where=_ON
    )
    op.create_index("ix_tagging_tag_id", "tagging", ["tag_id"], sqlite_where=_ON, postgresql_where=_ON)


def _runs() -> None:
    op.create_table(
        "bulk_run",
        _key(),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("prepared_by", t.BigInt, nullable=False),
        sa.Column("action", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("tag_id", t.BigInt, nullable=True),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("items", t.Text, nullable=False),
        sa.Column("days", t.BigInt, nullable=False),
        sa.Column("no_interest", t.Flag, nullable=False),
        sa.Column("prepared_at", t.Moment, nullable=False),
        sa.Column("confirmed_at", t.Moment, nullable=True),
        sa.Column("finished_at", t.Moment, nullable=True),
        sa.CheckConstraint(f"action IN {ACTIONS}", name=op.f("ck_bulk_run_action")),
        sa.CheckConstraint("status IN ('prepared', 'confirmed', 'finished')", name=op.f("ck_bulk_run_status")),
        sa.CheckConstraint("(action IN ('tag', 'untag')) = (tag_id IS NOT NULL)", name=op.f("ck_bulk_run_tag")),
        sa.CheckConstraint("(status = 'prepared') = (confirmed_at IS NULL)", name=op.f("ck_bulk_run_confirmed")),
        *_constraints("bulk_run", organisation_id="organisation", prepared_by="account", tag_id="tag"),
        sqlite_strict=True,
    )
    op.create_index("ix_bulk_run_organisation_id_id", "bulk_run", ["organisation_id", "id"])
    op.create_index(op.f("ix_bulk_run_prepared_by"), "bulk_run", ["prepared_by"])
    op.create_table(
        "bulk_case",
        _key(),
        sa.Column("run_id", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("seen", t.Text, nullable=False),
        sa.Column("officer_id", t.BigInt, nullable=True),
        sa.Column("result", t.Text, nullable=True),
        sa.Column("problem", t.Text, nullable=False),
        sa.Column("value", t.Text, nullable=False),
        sa.Column("done_at", t.Moment, nullable=True),
        sa.CheckConstraint(
            "result IS NULL OR result IN ('done', 'left_out', 'changed', 'refused')", name=op.f("ck_bulk_case_result")
        ),
        sa.CheckConstraint("(result IS NULL OR result = 'done') = (problem = '')", name=op.f("ck_bulk_case_problem")),
        *_constraints("bulk_case", run_id="bulk_run", application_id="application", officer_id="account"),
        sa.UniqueConstraint("run_id", "application_id", name=op.f("uq_bulk_case_run_id_application_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bulk_case_application_id"), "bulk_case", ["application_id"])


def _assignments() -> None:
    op.create_table(
        "assignment",
        _key(),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=True),
        sa.Column("before_id", t.BigInt, nullable=True),
        sa.Column("how", t.Text, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("run_id", t.BigInt, nullable=True),
        sa.Column("assigned_by", t.BigInt, nullable=False),
        sa.Column("assigned_at", t.Moment, nullable=False),
        sa.CheckConstraint("how IN ('assigned', 'taken', 'given_back', 'reopened')", name=op.f("ck_assignment_how")),
        sa.CheckConstraint(
            "(account_id IS NULL) = (how IN ('given_back', 'reopened'))", name=op.f("ck_assignment_officer")
        ),
        sa.CheckConstraint(
            "account_id IS NULL OR before_id IS NULL OR account_id <> before_id", name=op.f("ck_assignment_another")
        ),
        *_constraints(
            "assignment", application_id="application", account_id="account", before_id="account",
            run_id="bulk_run", assigned_by="account",
        ),
        sqlite_strict=True,
    )  # fmt: skip
    for column in ("application_id", "run_id"):
        op.create_index(op.f(f"ix_assignment_{column}"), "assignment", [column])
    append_only.protect("assignment")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
