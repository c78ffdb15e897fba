"""Short notices among the letters; changes of accounts that an official refused; bands for what comes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0042_notices"
down_revision = "0041_grant_changes"
branch_labels = None
depends_on = None

LETTERS = (
    "('decision', 'rejection', 'supplement', 'payment', 'recovery_notice', 'recovery_order',"
    " 'recovery_instalments', 'recovery_closed', 'payment_returned', 'account_change', 'reserved')"
)
MATTERS = "('decision', 'claims', 'payment_run', 'recovery_order', 'write_off')"


def upgrade() -> None:
    checks.replace("letter", "ck_letter_kind", f"kind IN {LETTERS}")
    for table in ("approval", "approval_band"):
        checks.replace(table, f"ck_{table}_matter", f"matter IN {MATTERS}")
    op.add_column("account_change", sa.Column("refused_by", t.BigInt, nullable=True))
    op.add_column("account_change", sa.Column("refused_at", t.Moment, nullable=True))
    op.add_column("account_change", sa.Column("refusal", t.Text, nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
