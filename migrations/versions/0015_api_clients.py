"""API clients of partner platforms: secrets, tokens, practice organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0015_api_clients"
down_revision = "0014_conflicts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("data_organisation_id", t.BigInt, nullable=False),
        sa.Column("account_id", t.BigInt, nullable=False),
        sa.Column("public_id", t.Text, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.Column("scopes", t.Text, nullable=False),
        sa.Column("signed", t.Flag, nullable=False),
        sa.Column("signing_key", t.Bytes, nullable=False),
        sa.Column("registered_at", t.Moment, nullable=False),
        sa.Column("expires_at", t.Moment, nullable=False),
        sa.Column("revoked_at", t.Moment, nullable=True),
        sa.CheckConstraint("scopes <> ''", name=op.f("ck_api_client_scopes")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_client_account_id_account")),
        sa.ForeignKeyConstraint(
            ["data_organisation_id"], ["organisation.id"], name=op.f("fk_api_client_data_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_api_client_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_client_public_id")),
        sqlite_strict=True,
    )
    for column in ("account_id", "data_organisation_id", "organisation_id"):
        op.create_index(op.f(f"ix_api_client_{column}"), "api_client", [column], unique=False)
    op.create_table(
        "api_secret",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("api_client_id", t.BigInt, nullable=False),
        sa.Column("secret_hash", t.Text, nullable=False),
        sa.Column("hint", t.Text, nullable=False),
        sa.Column("made_at", t.Moment, nullable=False),
        sa.Column("expires_at", t.Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_client_id"], ["api_client.id"], name=op.f("fk_api_secret_api_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_secret")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_secret_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_secret_api_client_id"), "api_secret", ["api_client_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("api_client_id", t.BigInt, nullable=False),
        sa.Column("token_hash", t.Text, nullable=False),
        sa.Column("scopes", t.Text, nullable=False),
        sa.Column("issued_at", t.Moment, nullable=False),
        sa.Column("expires_at", t.Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_client_id"], ["api_client.id"], name=op.f("fk_api_token_api_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_token_api_client_id_expires_at", "api_token", ["api_client_id", "expires_at"], unique=False)
    op.create_table(
        "sandbox",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("sandbox_of", t.BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sandbox_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["sandbox_of"], ["organisation.id"], name=op.f("fk_sandbox_sandbox_of_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_sandbox_organisation_id")),
        sa.UniqueConstraint("sandbox_of", name=op.f("uq_sandbox_sandbox_of")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
