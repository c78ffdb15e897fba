"""Services in kind come to an end: officials decide what nobody answers, invoices are taken back or corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0056_services_ended"
down_revision = "0055_proxy_entries"
branch_labels = None
depends_on = None

_TOLD = (
    "service_chosen", "service_disputed", "service_due", "service_upheld", "service_ended", "ruling_waits",
    "firm_upheld", "firm_ended", "firm_selected", "firm_left_out", "agreement_waits", "agreement_signed",
    "invoice_filed", "invoice_accepted", "invoice_refused", "invoice_paid", "taking_back_waits", "invoice_taken_back",
    "invoice_corrected",
)  # fmt: skip
_COUNTS = sa.text("status NOT IN ('refused', 'taken_back')")


def upgrade() -> None:
    checks.widen("notification", "kind", *_TOLD)
    _passes()
    _invoices()
    _credits()


def _passes() -> None:
    checks.widen("service_pass", "status", "vouched", "ended")
    op.add_column("service_pass", sa.Column("disputed_at", t.Moment, nullable=True))
    op.execute("UPDATE service_pass SET disputed_at = reported_at WHERE answer <> ''")
    op.execute(
        "ALTER TABLE service_pass ADD COLUMN ruling TEXT DEFAULT '' NOT NULL "
        "CONSTRAINT ck_service_pass_ruling CHECK (status NOT IN ('vouched', 'ended') OR ruling <> '')"
    )
    for name in ("document_sha256", "document_name", "document_type"):
        op.add_column("service_pass", sa.Column(name, t.Text, nullable=True))


def _invoices() -> None:
    """One that is taken back does not count, so that its number may be filed again."""
    checks.widen("vendor_invoice", "status", "back_proposed", "taken_back")
    op.execute(
        "ALTER TABLE vendor_invoice ADD COLUMN back_reason TEXT DEFAULT '' NOT NULL "
        "CONSTRAINT ck_vendor_invoice_back CHECK (status NOT IN ('back_proposed', 'taken_back') OR back_reason <> '')"
    )
    op.drop_index("uq_vendor_invoice_counting", "vendor_invoice")
    op.create_index(
        "uq_vendor_invoice_counting", "vendor_invoice", ["number"], unique=True, sqlite_where=_COUNTS,
        postgresql_where=_COUNTS,
    )  # fmt: skip


def _credits() -> None:
    """A recovery of an invoice is the firm's; which services it is for stands with them."""
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for table, column, target in (
        ("recovery", "invoice_id", "vendor_invoice"),
        ("service_pass", "recovery_id", "recovery"),
    ):
        name = f"fk_{table}_{column}_{target}"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {whole} CONSTRAINT {name} REFERENCES {target} (id)")
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
