"""Deliveries of settlement data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0009_settlements"
down_revision = "0008_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("filename", t.Text, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.Column("size", t.BigInt, nullable=False),
        sa.Column("received_rows", t.BigInt, nullable=False),
        sa.Column("accepted", t.BigInt, nullable=False),
        sa.Column("refused", t.BigInt, nullable=False),
        sa.Column("lines_sha256", t.Text, nullable=True),
        sa.Column("refused_sha256", t.Text, nullable=True),
        sa.Column("outcome", t.Json, nullable=False),
        sa.Column("delivered_by", t.BigInt, nullable=False),
        sa.Column("delivered_at", t.Moment, nullable=False),
        sa.CheckConstraint(
            "accepted >= 0 AND refused >= 0 AND received_rows = accepted + refused", name=op.f("ck_delivery_rows")
        ),
        sa.ForeignKeyConstraint(["delivered_by"], ["account.id"], name=op.f("fk_delivery_delivered_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_delivery_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "organisation_id",
            "platform",
            "period",
            "sha256",
            name=op.f("uq_delivery_organisation_id_platform_period_sha256"),
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_delivery_delivered_by"), "delivery", ["delivered_by"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
