"""Selections by score or lot, with their candidates and score sheets; the rank of a reservation; who is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only, checks
from migrations import column_types as t

revision = "0048_selections"
down_revision = "0047_programme_drafts"
branch_labels = None
depends_on = None

STATUSES = "('fixed', 'announced', 'ranked', 'drawn', 'confirmed')"
OUTCOMES = "('selected', 'reserve', 'not_selected', 'below_mark', 'left')"
_CHECKS = {
    "status": f"status IN {STATUSES}",
    "basis": "basis IN ('scored', 'lottery')",
    "drawn": "basis = 'lottery' OR status NOT IN ('announced', 'drawn')",
    "ranked": "basis = 'scored' OR status <> 'ranked'",
    "announced": "status <> 'announced' OR commitment IS NOT NULL",
    "revealed": "seed IS NULL OR (sealed IS NULL AND public_value IS NOT NULL)",
    "minutes": "status <> 'confirmed' OR minutes_sha256 IS NOT NULL",
}


def upgrade() -> None:
    checks.widen("notification", "kind", "selected", "on_reserve", "left_out")
    op.add_column("reservation", sa.Column("rank", t.BigInt, nullable=True))
    op.create_table(
        "selection",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("basis", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("list_sha256", t.Text, nullable=False),
        sa.Column("fixed_by", t.BigInt, nullable=False),
        sa.Column("fixed_at", t.Moment, nullable=False),
        sa.Column("public_source", t.Text, nullable=False),
        sa.Column("draws_on", t.Day, nullable=True),
        sa.Column("commitment", t.Text, nullable=True),
        sa.Column("sealed", t.Bytes, nullable=True),
        sa.Column("seed", t.Text, nullable=True),
        sa.Column("public_value", t.Text, nullable=True),
        sa.Column("ordered_by", t.BigInt, nullable=True),
        sa.Column("ordered_at", t.Moment, nullable=True),
        sa.Column("confirmed_by", t.BigInt, nullable=True),
        sa.Column("confirmed_at", t.Moment, nullable=True),
        sa.Column("opinion", t.Text, nullable=False),
        sa.Column("minutes_sha256", t.Text, nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_selection_{name}")) for name, text in _CHECKS.items()),
        *_keys(
            "selection",
            programme_id="programme.id",
            version_id="programme_version.id",
            fixed_by="account.id",
            ordered_by="account.id",
            confirmed_by="account.id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_selection_programme_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_selection_version_id"), "selection", ["version_id"])
    _candidates()
    _sheets()
    for table in ("score_sheet", "score"):
        append_only.protect(table)


def _candidates() -> None:
    op.create_table(
        "selection_candidate",
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("selection_id", t.BigInt, nullable=False),
        sa.Column("rank", t.BigInt, nullable=True),
        sa.Column("score", t.BigInt, nullable=True),
        sa.Column("counted", t.BigInt, nullable=True),
        sa.Column("tied", t.Flag, nullable=False),
        sa.Column("ticket", t.Text, nullable=True),
        sa.Column("outcome", t.Text, nullable=True),
        sa.CheckConstraint(f"outcome IS NULL OR outcome IN {OUTCOMES}", name=op.f("ck_selection_candidate_outcome")),
        sa.CheckConstraint("rank IS NULL OR rank > 0", name=op.f("ck_selection_candidate_rank")),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 10000", name=op.f("ck_selection_candidate_score")),
        sa.CheckConstraint(
            "outcome NOT IN ('selected', 'reserve') OR rank IS NOT NULL", name=op.f("ck_selection_candidate_ranked")
        ),
        *_keys("selection_candidate", application_id="application.id", selection_id="selection.id"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_selection_candidate")),
        sa.UniqueConstraint("selection_id", "rank", name=op.f("uq_selection_candidate_selection_id_rank")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_selection_candidate_selection_id"), "selection_candidate", ["selection_id"])


def _sheets() -> None:
    op.create_table(
        "score_sheet",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("selection_id", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("person_id", t.BigInt, nullable=False),
        sa.Column("comment", t.Text, nullable=False),
        sa.Column("given_at", t.Moment, nullable=False),
        *_keys(
            "score_sheet",
            selection_id="selection.id",
            application_id="selection_candidate.application_id",
            account_id="account.id",
            person_id="person.id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("application_id", "person_id", name=op.f("uq_score_sheet_application_id_person_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_score_sheet_selection_id", "score_sheet", ["selection_id"])
    op.create_table(
        "score",
        sa.Column("sheet_id", t.BigInt, nullable=False),
        sa.Column("criterion", t.Text, nullable=False),
        sa.Column("points", t.BigInt, nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_score_points")),
        *_keys("score", sheet_id="score_sheet.id"),
        sa.PrimaryKeyConstraint("sheet_id", "criterion", name=op.f("pk_score")),
        sqlite_strict=True,
    )


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys named as everywhere: column -> `table.column` that it refers to."""
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}_{target.partition('.')[0]}"))
        for column, target in targets.items()
    ]


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
