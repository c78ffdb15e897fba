"""Stores of platforms are looked up by the business number that their platform names."""

from __future__ import annotations

from alembic import op

revision = "0059_store_numbers"
down_revision = "0058_fairness"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_platform_store_business_number", "platform_store", ["business_number"])


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
