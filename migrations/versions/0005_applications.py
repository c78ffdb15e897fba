"""Applications with consents, documents, supplements and decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0005_applications"
down_revision = "0004_programmes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("receipt_number", t.Text, nullable=True),
        sa.Column("queue_number", t.BigInt, nullable=True),
        sa.Column("plan", t.Text, nullable=False),
        sa.Column("total_cost", t.BigInt, nullable=True),
        sa.Column("requested_amount", t.BigInt, nullable=True),
        sa.Column("contact_phone", t.Text, nullable=False),
        sa.Column("findings", t.Json, nullable=True),
        sa.Column("created_at", t.Moment, nullable=False),
        sa.Column("changed_at", t.Moment, nullable=False),
        sa.Column("submitted_at", t.Moment, nullable=True),
        sa.Column("due_on", t.Day, nullable=True),
        sa.Column("reviewer_id", t.BigInt, nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'in_review', 'supplement_requested', 'recommended', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_application_status"),
        ),
        sa.CheckConstraint(
            "requested_amount IS NULL OR requested_amount >= 0", name=op.f("ck_application_requested_amount")
        ),
        sa.CheckConstraint("total_cost IS NULL OR total_cost >= 0", name=op.f("ck_application_total_cost")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_application_merchant_id_merchant")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_application_programme_id_programme")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_application_reviewer_id_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_application_version_id_programme_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("programme_id", "queue_number", name=op.f("uq_application_programme_id_queue_number")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_application_receipt_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_application_merchant_id"), "application", ["merchant_id"], unique=False)
    op.create_index(
        "ix_application_programme_id_status_id", "application", ["programme_id", "status", "id"], unique=False
    )
    op.create_index(op.f("ix_application_reviewer_id"), "application", ["reviewer_id"], unique=False)
    op.create_index(op.f("ix_application_version_id"), "application", ["version_id"], unique=False)
    op.create_index(
        "uq_application_alive",
        "application",
        ["programme_id", "merchant_id"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('withdrawn', 'rejected')"),
        postgresql_where=sa.text("status NOT IN ('withdrawn', 'rejected')"),
    )
    op.create_table(
        "consent",
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("given_at", t.Moment, nullable=False),
        sa.CheckConstraint(
            "code IN ('privacy', 'administrative_data', 'platform_data', 'pledge')", name=op.f("ck_consent_code")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_consent_application_id_application")
        ),
        sa.PrimaryKeyConstraint("application_id", "code", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    op.create_table(
        "document",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("code", t.Text, nullable=False),
        sa.Column("filename", t.Text, nullable=False),
        sa.Column("media_type", t.Text, nullable=False),
        sa.Column("size", t.BigInt, nullable=False),
        sa.Column("sha256", t.Text, nullable=False),
        sa.Column("uploaded_by", t.BigInt, nullable=False),
        sa.Column("uploaded_at", t.Moment, nullable=False),
        sa.Column("removed_at", t.Moment, nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id_application")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"], name=op.f("fk_document_uploaded_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_document_application_id"), "document", ["application_id"], unique=False)
    op.create_index("ix_document_sha256", "document", ["sha256"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("items", t.Text, nullable=False),
        sa.Column("requested_by", t.BigInt, nullable=False),
        sa.Column("requested_at", t.Moment, nullable=False),
        sa.Column("due_on", t.Day, nullable=False),
        sa.Column("answer", t.Text, nullable=True),
        sa.Column("answered_at", t.Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_supplement_application_id_application")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["account.id"], name=op.f("fk_supplement_requested_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_supplement_application_id"), "supplement", ["application_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("proposed", t.Text, nullable=False),
        sa.Column("reasons", t.Text, nullable=False),
        sa.Column("checklist", t.Json, nullable=False),
        sa.Column("recommended_by", t.BigInt, nullable=False),
        sa.Column("recommended_at", t.Moment, nullable=False),
        sa.Column("outcome", t.Text, nullable=True),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.Column("decided_by", t.BigInt, nullable=True),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.CheckConstraint("outcome IS NULL OR outcome IN ('approve', 'reject')", name=op.f("ck_decision_outcome")),
        sa.CheckConstraint("proposed IN ('approve', 'reject')", name=op.f("ck_decision_proposed")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_decision_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id_application")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_decision_decided_by_account")),
        sa.ForeignKeyConstraint(["recommended_by"], ["account.id"], name=op.f("fk_decision_recommended_by_account")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_decision_version_id_programme_version")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_decision")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_decision_version_id"), "decision", ["version_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
