"""Mandates: entry by proxy and agents; codes to take an account over; joint representatives; what is taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0050_mandates"
down_revision = "0049_signals"
branch_labels = None
depends_on = None

_STANDS = sa.text("status = 'active'")
_STILL = sa.text("removed_at IS NULL")


def upgrade() -> None:
    checks.widen("role_grant", "role", "clerk")
    checks.widen("letter", "kind", "receipt")
    _mandate()
    _activation()
    _representatives()
    op.create_table(
        "taken_over",
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("field", t.Text, nullable=False),
        sa.Column("source_id", t.BigInt, nullable=True),
        sa.Column("taken_at", t.Moment, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "field", name=op.f("pk_taken_over")),
        *_keys("taken_over", {"application_id": "application", "source_id": "application"}),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_merchant_representative"), "merchant", ["representative"])
    for table in ("application", "login_session"):
        _refer(table, "mandate_id", "mandate")


def _mandate() -> None:
    targets = {
        "merchant_id": "merchant",
        "holder_id": "account",
        "organisation_id": "organisation",
        "given_by": "account",
        "ended_by": "account",
    }
    op.create_table(
        "mandate",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("holder_id", t.BigInt, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=True),
        sa.Column("capacity", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("office", t.Text, nullable=False),
        sa.Column("document_sha256", t.Text, nullable=False),
        sa.Column("document_name", t.Text, nullable=False),
        sa.Column("document_type", t.Text, nullable=False),
        sa.Column("until", t.Day, nullable=False),
        sa.Column("given_by", t.BigInt, nullable=False),
        sa.Column("given_at", t.Moment, nullable=False),
        sa.Column("ended_by", t.BigInt, nullable=True),
        sa.Column("ended_at", t.Moment, nullable=True),
        sa.CheckConstraint("capacity IN ('consent', 'attorney')", name=op.f("ck_mandate_capacity")),
        sa.CheckConstraint("status IN ('active', 'revoked', 'ended')", name=op.f("ck_mandate_status")),
        sa.CheckConstraint("(capacity = 'consent') = (organisation_id IS NOT NULL)", name=op.f("ck_mandate_office")),
        sa.CheckConstraint("status = 'active' OR ended_at IS NOT NULL", name=op.f("ck_mandate_ended")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        *_keys("mandate", targets),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mandate_holder_id"), "mandate", ["holder_id"])
    op.create_index(
        "uq_mandate_standing", "mandate", ["merchant_id", "holder_id", "capacity"], unique=True,
        sqlite_where=_STANDS, postgresql_where=_STANDS,
    )  # fmt: skip


def _activation() -> None:
    op.create_table(
        "activation",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("letter_id", t.BigInt, nullable=False),
        sa.Column("code_hash", t.Text, nullable=False),
        sa.Column("issued_by", t.BigInt, nullable=False),
        sa.Column("issued_at", t.Moment, nullable=False),
        sa.Column("expires_at", t.Moment, nullable=False),
        sa.Column("used_at", t.Moment, nullable=True),
        sa.Column("replaced_at", t.Moment, nullable=True),
        sa.CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name=op.f("ck_activation_once")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_activation_code_hash")),
        *_keys("activation", {"account_id": "account", "letter_id": "letter", "issued_by": "account"}),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_activation_account_id"), "activation", ["account_id"])


def _representatives() -> None:
    op.create_table(
        "representative",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.Column("born_on", t.Bytes, nullable=False),
        sa.Column("identity_index", t.Text, nullable=False),
        sa.Column("added_by", t.BigInt, nullable=False),
        sa.Column("added_at", t.Moment, nullable=False),
        sa.Column("removed_at", t.Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
        *_keys("representative", {"merchant_id": "merchant", "added_by": "account"}),
        sqlite_strict=True,
    )
    op.create_index("ix_representative_identity_index", "representative", ["identity_index"])
    op.create_index("ix_representative_name", "representative", ["name"])
    op.create_index(
        "uq_representative_still", "representative", ["merchant_id", "identity_index"], unique=True,
        sqlite_where=_STILL, postgresql_where=_STILL,
    )  # fmt: skip
    targets = {"application_id": "application", "representative_id": "representative", "marked_by": "account"}
    op.create_table(
        "application_signature",
        *(sa.Column(column, t.BigInt, nullable=False) for column in targets),
        sa.Column("signed_at", t.Moment, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "representative_id", name=op.f("pk_application_signature")),
        *_keys("application_signature", targets),
        sqlite_strict=True,
    )


def _keys(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]


def _refer(table: str, column: str, target: str) -> None:
    """A column that refers to another table. SQLite takes such a key only with the column, in its own words."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    name = f"fk_{table}_{column}_{target}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {target} (id)")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
