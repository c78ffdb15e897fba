"""Evidence from merchants and the lines read off it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0020_evidence"
down_revision = "0019_drawings"
branch_labels = None
depends_on = None

_WON = (
    "order_amount",
    "delivery_fee",
    "delivery_support",
    "promotion_cost",
    "promotion_support",
    "brokerage_fee",
    "payment_fee",
)
_TEXTS = ("ordered_at", "order_no", "origin_key", "channel", "status", "payment_method")


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("document_number", t.Text, nullable=False),
        sa.Column("document_key", t.Text, nullable=True),
        sa.Column("total", t.BigInt, nullable=False),
        sa.Column("filename", t.Text, nullable=False),
        sa.Column("media_type", t.Text, nullable=False),
        sa.Column("size", t.BigInt, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.Column("submitted_by", t.BigInt, nullable=False),
        sa.Column("submitted_at", t.Moment, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("store_id", t.Text, nullable=False),
        sa.Column("delivery_id", t.BigInt, nullable=True),
        sa.CheckConstraint("kind IN ('statement', 'tax_invoice', 'own_delivery')", name=op.f("ck_evidence_kind")),
        sa.CheckConstraint(
            "status IN ('submitted', 'in_entry', 'entered', 'confirmed', 'refused', 'withdrawn')",
            name=op.f("ck_evidence_status"),
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_evidence_total")),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size")),
        sa.CheckConstraint(
            "CASE WHEN delivery_id IS NULL THEN status <> 'confirmed' ELSE status IN ('entered', 'confirmed') END",
            name=op.f("ck_evidence_delivered"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_evidence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_evidence_merchant_id_merchant")),
        sa.ForeignKeyConstraint(["submitted_by"], ["account.id"], name=op.f("fk_evidence_submitted_by_account")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_evidence_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_evidence_delivery_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_evidence_merchant_id"), "evidence", ["merchant_id"], unique=False)
    op.create_index(op.f("ix_evidence_document_key"), "evidence", ["document_key"], unique=False)
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)
    op.create_index(op.f("ix_evidence_submitted_by"), "evidence", ["submitted_by"], unique=False)
    op.create_index(
        "ix_evidence_organisation_id_status_id", "evidence", ["organisation_id", "status", "id"], unique=False
    )
    op.create_table(
        "evidence_line",
        sa.Column("evidence_id", t.BigInt, nullable=False),
        sa.Column("row", t.BigInt, nullable=False),
        *(sa.Column(name, t.Text, nullable=False) for name in _TEXTS),
        *(sa.Column(name, t.BigInt, nullable=False) for name in _WON),
        sa.Column("not_accepted", t.Text, nullable=False),
        sa.Column("refusal", t.Text, nullable=True),
        sa.Column("told_by", t.BigInt, nullable=True),
        sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in _WON), name=op.f("ck_evidence_line_won")),
        sa.CheckConstraint(
            "refusal IS NULL OR refusal IN ('order_already_told', 'order_twice_here', 'order_told_differently',"
            " 'order_told_elsewhere', 'order_looks_alike')",
            name=op.f("ck_evidence_line_refusal"),
        ),
        sa.CheckConstraint("told_by IS NULL OR refusal IS NOT NULL", name=op.f("ck_evidence_line_told_by")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_line_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["told_by"], ["delivery.id"], name=op.f("fk_evidence_line_told_by_delivery")),
        sa.PrimaryKeyConstraint("evidence_id", "row", name=op.f("pk_evidence_line")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_evidence_line_told_by"), "evidence_line", ["told_by"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
