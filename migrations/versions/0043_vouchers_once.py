"""The same voucher waits for confirmation once, however often its draft is sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0043_vouchers_once"
down_revision = "0042_notices"
branch_labels = None
depends_on = None

_WAITS = sa.text("status = 'drafted'")


def upgrade() -> None:
    op.add_column("voucher", sa.Column("says", t.Text, nullable=False, server_default=""))
    op.execute("UPDATE voucher SET says = 'voucher ' || id")  # two that wait already stay two
    op.create_index(
        "uq_voucher_waiting", "voucher", ["organisation_id", "says"], unique=True,
        sqlite_where=_WAITS, postgresql_where=_WAITS,
    )  # fmt: skip


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
