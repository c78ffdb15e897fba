"""Entries by proxy are looked at by a second official; whoever stands in is told, by which mandate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0055_proxy_entries"
down_revision = "0054_in_kind"
branch_labels = None
depends_on = None

_WAITS = sa.text("status = 'waiting'")


def upgrade() -> None:
    checks.widen("notification", "kind", "entry_waits", "entry_refused")
    _entries()
    op.create_table(
        "proxy_difference",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("entry_id", t.BigInt, nullable=False),
        sa.Column("field", t.Text, nullable=False),
        sa.Column("stated", t.Bytes, nullable=False),
        sa.Column("added", t.Flag, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy_difference")),
        sa.UniqueConstraint("entry_id", "field", name=op.f("uq_proxy_difference_entry_id_field")),
        *_keys("proxy_difference", {"entry_id": "proxy_entry"}),
        sqlite_strict=True,
    )
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE notification ADD COLUMN mandate_id {whole} "
        "CONSTRAINT fk_notification_mandate_id_mandate REFERENCES mandate (id)"
    )
    # Consents that still stand wait for a look too: codes printed on their letters open nothing before it.
    op.execute(
        "INSERT INTO proxy_entry (mandate_id, merchant_id, organisation_id, status, first_seen, entered_by, entered_at,"
        " refusal) SELECT id, merchant_id, organisation_id, 'waiting', 1 = 0, holder_id, given_at, '' "
        "FROM mandate WHERE capacity = 'consent' AND status = 'active'"
    )


def _entries() -> None:
    targets = {
        "mandate_id": "mandate",
        "merchant_id": "merchant",
        "organisation_id": "organisation",
        "entered_by": "account",
        "decided_by": "account",
    }
    known = "status IN ('waiting', 'confirmed', 'refused', 'lapsed')"
    decided = "status NOT IN ('confirmed', 'refused') OR decided_by IS NOT NULL"
    op.create_table(
        "proxy_entry",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        *(sa.Column(name, t.BigInt, nullable=False) for name in ("mandate_id", "merchant_id", "organisation_id")),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("first_seen", t.Flag, nullable=False),
        sa.Column("entered_by", t.BigInt, nullable=False),
        sa.Column("entered_at", t.Moment, nullable=False),
        sa.Column("decided_by", t.BigInt, nullable=True),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.Column("refusal", t.Text, nullable=False),
        sa.CheckConstraint(known, name=op.f("ck_proxy_entry_status")),
        sa.CheckConstraint(decided, name=op.f("ck_proxy_entry_decided")),
        sa.CheckConstraint("status <> 'refused' OR refusal <> ''", name=op.f("ck_proxy_entry_refusal")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", name=op.f("ck_proxy_entry_apart")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy_entry")),
        sa.UniqueConstraint("mandate_id", name=op.f("uq_proxy_entry_mandate_id")),
        *_keys("proxy_entry", targets),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proxy_entry_merchant_id"), "proxy_entry", ["merchant_id"])
    op.create_index(
        "ix_proxy_entry_waiting", "proxy_entry", ["organisation_id", "id"], sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )  # fmt: skip


def _keys(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
