"""Assessment runs and claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0010_claims"
down_revision = "0009_settlements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment_run",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("deliveries_upto", t.BigInt, nullable=False),
        sa.Column("inputs_sha256", t.Text, nullable=False),
        sa.Column("explanation_sha256", t.Text, nullable=False),
        sa.Column("drawn_up_by", t.BigInt, nullable=False),
        sa.Column("drawn_up_at", t.Moment, nullable=False),
        sa.CheckConstraint("deliveries_upto >= 0", name=op.f("ck_assessment_run_deliveries_upto")),
        sa.ForeignKeyConstraint(["drawn_up_by"], ["account.id"], name=op.f("fk_assessment_run_drawn_up_by_account")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_assessment_run_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_assessment_run_version_id_programme_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_run")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_assessment_run_drawn_up_by"), "assessment_run", ["drawn_up_by"], unique=False)
    op.create_index(op.f("ix_assessment_run_programme_id"), "assessment_run", ["programme_id"], unique=False)
    op.create_index(op.f("ix_assessment_run_version_id"), "assessment_run", ["version_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("programme_id", t.BigInt, nullable=False),
        sa.Column("version_id", t.BigInt, nullable=False),
        sa.Column("merchant_id", t.BigInt, nullable=False),
        sa.Column("application_id", t.BigInt, nullable=False),
        sa.Column("run_id", t.BigInt, nullable=False),
        sa.Column("period", t.Text, nullable=False),
        sa.Column("revision", t.BigInt, nullable=False),
        sa.Column("lines", t.BigInt, nullable=False),
        sa.Column("exact_e4", t.BigInt, nullable=False),
        sa.Column("assessed", t.BigInt, nullable=False),
        sa.Column("payable", t.BigInt, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("drawn_up_at", t.Moment, nullable=False),
        sa.Column("approved_at", t.Moment, nullable=True),
        sa.CheckConstraint(
            "status IN ('drawn_up', 'superseded', 'approved', 'in_payment', 'paid', 'payment_failed')",
            name=op.f("ck_claim_status"),
        ),
        sa.CheckConstraint("payable >= 0 AND exact_e4 >= 0 AND assessed >= payable", name=op.f("ck_claim_amounts")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_claim_application_id_application")
        ),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_claim_merchant_id_merchant")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_claim_programme_id_programme")),
        sa.ForeignKeyConstraint(["run_id"], ["assessment_run.id"], name=op.f("fk_claim_run_id_assessment_run")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_claim_version_id_programme_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "programme_id",
            "merchant_id",
            "period",
            "revision",
            name=op.f("uq_claim_programme_id_merchant_id_period_revision"),
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_claim_application_id"), "claim", ["application_id"], unique=False)
    op.create_index(op.f("ix_claim_merchant_id"), "claim", ["merchant_id"], unique=False)
    op.create_index("ix_claim_programme_id_period_status", "claim", ["programme_id", "period", "status"], unique=False)
    op.create_index(op.f("ix_claim_run_id"), "claim", ["run_id"], unique=False)
    op.create_index(op.f("ix_claim_version_id"), "claim", ["version_id"], unique=False)
    op.create_table(
        "claim_part",
        sa.Column("claim_id", t.BigInt, nullable=False),
        sa.Column("platform", t.Text, nullable=False),
        sa.Column("item", t.Text, nullable=False),
        sa.Column("lines", t.BigInt, nullable=False),
        sa.Column("amount_e4", t.BigInt, nullable=False),
        sa.Column("amount", t.BigInt, nullable=False),
        sa.CheckConstraint("lines >= 0 AND amount >= 0", name=op.f("ck_claim_part_amounts")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_part_claim_id_claim")),
        sa.PrimaryKeyConstraint("claim_id", "platform", "item", name=op.f("pk_claim_part")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
