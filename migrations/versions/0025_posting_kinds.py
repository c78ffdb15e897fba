"""More kinds of postings: budget changes, money that comes back, and what is demanded back."""

from __future__ import annotations

from migrations import checks

revision = "0025_posting_kinds"
down_revision = "0024_platform_stores"
branch_labels = None
depends_on = None

ACCOUNTS = "('source', 'available', 'committed', 'paid', 'revenue', 'receivable', 'demanded')"
KINDS = (
    "('appropriate', 'reduce', 'transfer_out', 'transfer_in', 'commit', 'release', 'disburse', 'return', 'recover', "
    "'recover_late', 'demand', 'fulfil', 'write_off')"
)


def upgrade() -> None:
    checks.replace("ledger_entry", "ck_ledger_entry_kind", f"kind IN {KINDS}")
    checks.replace("posting", "ck_posting_debit", f"debit IN {ACCOUNTS}")
    checks.replace("posting", "ck_posting_credit", f"credit IN {ACCOUNTS}")


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
