"""Fiscal years that open and close; no entry is posted into a closed one (invariant I11)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import column_types as t

revision = "0026_fiscal_years"
down_revision = "0025_posting_kinds"
branch_labels = None
depends_on = None

SPENDING = "('appropriate', 'reduce', 'transfer_out', 'transfer_in', 'commit', 'disburse', 'recover')"
FOUND = (
    "EXISTS (SELECT 1 FROM ledger_entry e JOIN budget_line b ON b.id = NEW.budget_line_id"  # noqa: S608
    " JOIN fiscal_year y ON y.organisation_id = b.organisation_id AND y.status = 'closed' WHERE e.id = NEW.entry_id"
    f" AND (y.year = {{posted}} OR (y.year = b.fiscal_year AND e.kind IN {SPENDING})))"
)


def upgrade() -> None:
    op.create_table(
        "fiscal_year",
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        sa.Column("organisation_id", t.BigInt, nullable=False),
        sa.Column("year", t.BigInt, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("opened_at", t.Moment, nullable=False),
        sa.Column("unpaid", t.Text, nullable=True),
        sa.Column("lapse", t.Flag, nullable=False),
        sa.Column("closed_upto", t.BigInt, nullable=True),
        sa.Column("closed_at", t.Moment, nullable=True),
        sa.CheckConstraint("status IN ('open', 'closing', 'closed')", name=op.f("ck_fiscal_year_status")),
        sa.CheckConstraint(
            "unpaid IS NULL OR unpaid IN ('carry_explicit', 'carry_inevitable', 'release')",
            name=op.f("ck_fiscal_year_unpaid"),
        ),
        sa.CheckConstraint("(status = 'closed') = (closed_upto IS NOT NULL)", name=op.f("ck_fiscal_year_closed")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fiscal_year_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_year")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_fiscal_year_organisation_id_year")),
        sqlite_strict=True,
    )
    _open_known_years()
    sqlite = op.get_bind().dialect.name == "sqlite"
    (_guard_sqlite if sqlite else _guard_postgresql)()


def _open_known_years() -> None:
    """The years that have budgets are open, by whoever posted the first of them."""
    first = (
        "SELECT b.organisation_id AS organisation_id, b.fiscal_year AS year, min(p.entry_id) AS entry_id"
        " FROM budget_line b JOIN posting p ON p.budget_line_id = b.id GROUP BY b.organisation_id, b.fiscal_year"
    )
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(
        "INSERT INTO fiscal_year (organisation_id, year, status, opened_at, lapse)"  # noqa: S608
        f" SELECT f.organisation_id, f.year, 'open', e.posted_at, {no}"
        f" FROM ({first}) f JOIN ledger_entry e ON e.id = f.entry_id ORDER BY f.entry_id"
    )
    op.execute(
        "INSERT INTO audit_event (noun, record_id, action, target, user_id, person_id, at, note)"  # noqa: S608
        " SELECT 'fiscal_year', y.id, 'open', 'open', e.posted_by, a.person_id, e.posted_at, ''"
        f" FROM fiscal_year y JOIN ({first}) f ON f.organisation_id = y.organisation_id AND f.year = y.year"
        " JOIN ledger_entry e ON e.id = f.entry_id JOIN account a ON a.id = e.posted_by ORDER BY y.id"
    )


def _guard_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER posting_year_open BEFORE INSERT ON posting WHEN "
        + FOUND.format(posted="CAST(substr(e.posted_on, 1, 4) AS INTEGER)")
        + " BEGIN SELECT RAISE(ABORT, 'the fiscal year is closed'); END"
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER fiscal_year_stays_closed_{verb.lower()} BEFORE {verb} ON fiscal_year"
            " WHEN OLD.status = 'closed' BEGIN SELECT RAISE(ABORT, 'the fiscal year is closed'); END"
        )


def _guard_postgresql() -> None:
    # FOR SHARE: whoever closes the year at this moment is waited for, and then believed.
    op.execute(
        "CREATE FUNCTION refuse_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " PERFORM 1 FROM fiscal_year y JOIN budget_line b ON b.organisation_id = y.organisation_id"
        " JOIN ledger_entry e ON e.id = NEW.entry_id WHERE b.id = NEW.budget_line_id"
        " AND y.year IN (b.fiscal_year, extract(year FROM e.posted_on)) FOR SHARE OF y;"
        " IF " + FOUND.format(posted="extract(year FROM e.posted_on)") + " THEN"
        " RAISE EXCEPTION 'the fiscal year is closed'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER posting_year_open BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION refuse_closed_year()"
    )
    op.execute(
        "CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the fiscal year is closed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER fiscal_year_stays_closed BEFORE UPDATE OR DELETE ON fiscal_year FOR EACH ROW"
        " WHEN (OLD.status = 'closed') EXECUTE FUNCTION refuse_reopening()"
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
