"""Accounts of people who work for platforms."""

from __future__ import annotations

from alembic import op

revision = "0023_platform_accounts"
down_revision = "0022_sandbox_merchants"
branch_labels = None
depends_on = None

ROLES = "'merchant', 'reviewer', 'approver', 'payer', 'auditor', 'policymaker', 'manager', 'administrator', 'platform'"


def upgrade() -> None:
    # In one statement, which both databases know: half of the tables refer to this one, so it is not made anew.
    op.execute(
        "ALTER TABLE account ADD COLUMN platform TEXT CONSTRAINT ck_account_platform"
        " CHECK (platform IS NULL OR (platform <> '' AND organisation_id IS NOT NULL))"
    )
    with op.batch_alter_table("role_grant", table_kwargs={"sqlite_strict": True}) as grant:
        grant.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        grant.create_check_constraint(op.f("ck_role_grant_role"), f"role IN ({ROLES})")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
