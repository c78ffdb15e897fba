"""Short notices among the letters; changes of accounts that an official refused; bands for what comes back;
orders that are withdrawn.
"""

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
    " 'recovery_instalments', 'recovery_closed', 'payment_returned', 'account_change', 'reserved',"
    " 'decision_changed')"
)
MATTERS = "('decision', 'claims', 'payment_run', 'recovery_order', 'write_off')"

KINDS = (
    "('appropriate', 'reduce', 'transfer_out', 'transfer_in', 'commit', 'release', 'disburse', 'return', 'recover', "
    "'recover_late', 'demand', 'fulfil', 'write_off', 'withdraw')"
)
RECOVERIES = (
    "('opened', 'noticed', 'answered', 'heard', 'drafted', 'ordered', 'instalments_proposed', 'in_instalments',"
    " 'write_off_proposed', 'settled', 'written_off', 'dropped', 'withdrawn')"
)


def upgrade() -> None:
    checks.replace("ledger_entry", "ck_ledger_entry_kind", f"kind IN {KINDS}")
    checks.replace("recovery", "ck_recovery_status", f"status IN {RECOVERIES}")
    checks.replace("letter", "ck_letter_kind", f"kind IN {LETTERS}")
    for table in ("approval", "approval_band"):
        checks.replace(table, f"ck_{table}_matter", f"matter IN {MATTERS}")
    op.add_column("account_change", sa.Column("refused_by", t.BigInt, nullable=True))
    op.add_column("account_change", sa.Column("refused_at", t.Moment, nullable=True))
    op.add_column("account_change", sa.Column("refusal", t.Text, nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
