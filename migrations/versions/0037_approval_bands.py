"""Amount bands, and approvals with the content they were given for.

What was approved before is taken over as it stands, so that it goes on counting: the hashes are those that
portal/queries/approvals.py made when this was written.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0037_approval_bands"
down_revision = "0035_netting"
branch_labels = None
depends_on = None

_MATTERS = "matter IN ('decision', 'claims', 'payment_run')"
_STATUSES = "status IN ('proposed', 'in_force', 'ending', 'ended', 'refused')"


def upgrade() -> None:
    op.create_table(
        "approval_band",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("matter", t.Text, nullable=False),
        sa.Column("up_to", t.BigInt, nullable=True),
        sa.Column("title", t.Text, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=True),
        sa.Column("valid_from", t.Day, nullable=False),
        sa.Column("valid_to", t.Day, nullable=True),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("proposed_by", t.BigInt, nullable=False),
        sa.Column("proposed_at", t.Moment, nullable=False),
        sa.CheckConstraint(_MATTERS, name=op.f("ck_approval_band_matter")),
        sa.CheckConstraint(_STATUSES, name=op.f("ck_approval_band_status")),
        sa.CheckConstraint("up_to IS NULL OR up_to > 0", name=op.f("ck_approval_band_up_to")),
        sa.CheckConstraint("(account_id IS NULL) = (title <> '')", name=op.f("ck_approval_band_whose")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_approval_band_dates")),
        _to("approval_band", "organisation_id", "organisation"),
        _to("approval_band", "account_id", "account"),
        _to("approval_band", "proposed_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_band")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_approval_band_account_id"), "approval_band", ["account_id"])
    of_matter = ["organisation_id", "matter", "status"]
    op.create_index("ix_approval_band_organisation_id_matter_status", "approval_band", of_matter)
    op.create_table(
        "approval",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("matter", t.Text, nullable=False),
        sa.Column("record_id", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("content_sha256", t.Text, nullable=False),
        sa.Column("band_id", t.BigInt, nullable=True),
        sa.Column("delegated", t.Flag, nullable=False),
        sa.Column("signed_by", t.BigInt, nullable=False),
        sa.Column("signed_at", t.Moment, nullable=False),
        sa.Column("stands_for", t.BigInt, nullable=True),
        sa.Column("acknowledged_at", t.Moment, nullable=True),
        sa.Column("withdrawn_at", t.Moment, nullable=True),
        sa.CheckConstraint(_MATTERS, name=op.f("ck_approval_matter")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_approval_amount")),
        sa.CheckConstraint("acknowledged_at IS NULL OR stands_for IS NOT NULL", name=op.f("ck_approval_acknowledged")),
        _to("approval", "band_id", "approval_band"),
        _to("approval", "signed_by", "account"),
        _to("approval", "stands_for", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sqlite_strict=True,
    )
    op.create_index("ix_approval_stands_for", "approval", ["stands_for"])
    counts = sa.text("withdrawn_at IS NULL")
    columns = ["matter", "record_id"]
    op.create_index(
        "uq_approval_counts", "approval", columns, unique=True, sqlite_where=counts, postgresql_where=counts
    )
    _take_over()


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _take_over() -> None:
    bind = op.get_bind()
    parts: dict[int, list[list[Any]]] = defaultdict(list)
    columns = "claim_id, platform, item, lines, amount_e4, amount"
    for claim_id, *part in bind.execute(sa.text(f"SELECT {columns} FROM claim_part")):  # noqa: S608 (names of ours)
        parts[claim_id].append(part)
    decisions = (
        "SELECT d.application_id, d.amount, d.decided_by, d.decided_at, d.outcome, v.content_hash FROM decision d"
        " JOIN programme_version v ON v.id = d.version_id WHERE d.outcome = 'approve'"
    )
    for record, won, by, at, outcome, version in bind.execute(sa.text(decisions)):
        _insert("decision", record, won, [record, outcome, won, version], by, at)
    claims = (
        "SELECT c.id, c.payable, e.user_id, e.at, c.application_id, c.period, c.revision, c.assessed, c.exact_e4,"
        " v.content_hash FROM claim c JOIN programme_version v ON v.id = c.version_id JOIN audit_event e"
        " ON e.noun = 'claim' AND e.action = 'approve' AND e.record_id = c.id"
        " WHERE c.status NOT IN ('drawn_up', 'superseded')"
    )
    for record, won, by, at, *said in bind.execute(sa.text(claims)):
        _insert("claims", record, won, [record, won, *said, sorted(parts[record])], by, at)
    accounts = (
        "SELECT p.run_id, p.claim_id, p.reference, p.amount FROM payment p JOIN payment_run r ON r.id = p.run_id"
        " WHERE r.released_by IS NOT NULL ORDER BY p.id"
    )
    paid: dict[int, list[list[Any]]] = defaultdict(list)
    for run_id, *payment in bind.execute(sa.text(accounts)):
        paid[run_id].append(payment)
    runs = (
        "SELECT id, total, released_by, released_at, reference, bank_file_sha256 FROM payment_run"
        " WHERE released_by IS NOT NULL"
    )
    for record, won, by, at, *said in bind.execute(sa.text(runs)):
        _insert("payment_run", record, won, [record, won, *said, sorted(paid[record])], by, at)


def _insert(matter: str, record: int, won: int, content: list[Any], by: int, at: Any) -> None:
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row = {"matter": matter, "record": record, "won": won, "by": by, "at": at}
    row["sha"] = hashlib.sha256(spelled.encode()).hexdigest()
    row["none"] = 0 if op.get_bind().dialect.name == "sqlite" else False
    op.get_bind().execute(
        sa.text(
            "INSERT INTO approval (matter, record_id, amount, content_sha256, delegated, signed_by, signed_at)"
            " VALUES (:matter, :record, :won, :sha, :none, :by, :at)"
        ),
        row,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
