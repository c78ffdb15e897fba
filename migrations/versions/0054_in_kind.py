"""Services in kind: proposals of platform firms, service passes, invoices, and claims that pay a firm."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import append_only, checks
from migrations import column_types as t

revision = "0054_in_kind"
down_revision = "0053_desk"
branch_labels = None
depends_on = None

_ALIVE = sa.text("status IN ('draft', 'submitted', 'selected', 'verified', 'agreed')")
_COUNTS = sa.text("status <> 'refused'")


def upgrade() -> None:
    checks.widen("notification", "kind", "service_reported")
    _proposals()
    _sheets()
    _invoices()
    _passes()
    _claims()
    for table in ("proposal_sheet", "proposal_score"):
        append_only.protect(table)


def _proposals() -> None:
    _table(
        "proposal",
        _number("organisation_id", "programme_id", "version_id"),
        _text("platform", "status", "firm", "business_number", "representative", "plan"),
        [sa.Column("conditions_declared", t.Flag, nullable=False)],
        _text("bank_code"),
        [sa.Column("account_number", t.Bytes, nullable=False)],
        _text("account_holder"),
        _number("drafted_by"),
        [_moment("drafted_at"), _moment("submitted_at", nullable=True)],
        _number("rank", "score", nullable=True),
        _text("outcome", nullable=True),
        _text("opinion"),
        _text("agreement_number", nullable=True),
        [sa.Column(name, t.Day, nullable=True) for name in ("agreed_on", "agreement_ends_on")],
        checks={
            "status": "status IN ('draft', 'submitted', 'selected', 'verified', 'agreed', 'not_selected', 'withdrawn')",
            "outcome": "outcome IS NULL OR outcome IN ('selected', 'reserve', 'not_selected', 'below_mark', 'left')",
            "score": "score IS NULL OR score BETWEEN 0 AND 10000",
            "ranked": "NOT (status IN ('selected', 'verified', 'agreed')) OR rank IS NOT NULL",
            "agreed": "status <> 'agreed' OR agreement_number IS NOT NULL",
            "agreement": "agreement_ends_on IS NULL OR agreement_ends_on >= agreed_on",
        },
        keys={
            "organisation_id": "organisation",
            "programme_id": "programme",
            "version_id": "programme_version",
            "drafted_by": "account",
        },
        indexed=("organisation_id", "version_id"),
    )
    op.create_index(
        "uq_proposal_alive", "proposal", ["programme_id", "platform"], unique=True, sqlite_where=_ALIVE,
        postgresql_where=_ALIVE,
    )  # fmt: skip
    _table(
        "offer",
        _number("proposal_id"),
        _text("kind", "name", "terms"),
        _number("supply_value", "vat"),
        checks={"amounts": "supply_value > 0 AND vat >= 0"},
        keys={"proposal_id": "proposal"},
        indexed=("proposal_id",),
    )


def _sheets() -> None:
    _table(
        "proposal_sheet",
        _number("proposal_id", "account_id", "person_id"),
        _text("comment"),
        [_moment("given_at")],
        keys={"proposal_id": "proposal", "account_id": "account", "person_id": "person"},
        unique=("proposal_id", "person_id"),
    )
    op.create_table(
        "proposal_score",
        *_number("sheet_id"),
        *_text("criterion"),
        *_number("points"),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_proposal_score_points")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["proposal_sheet.id"], name=op.f("fk_proposal_score_sheet_id_proposal_sheet")
        ),
        sa.PrimaryKeyConstraint("sheet_id", "criterion", name=op.f("pk_proposal_score")),
        sqlite_strict=True,
    )


def _invoices() -> None:
    _table(
        "vendor_invoice",
        _number("proposal_id"),
        _text("number", "status"),
        [sa.Column("issued_on", t.Day, nullable=False)],
        _number("supply_value", "vat", "filed_by"),
        [_moment("filed_at")],
        _number("decided_by", nullable=True),
        [_moment("decided_at", nullable=True)],
        _text("refusal"),
        checks={
            "status": "status IN ('filed', 'accepted', 'refused')",
            "amounts": "supply_value > 0 AND vat >= 0",
            "refusal": "status <> 'refused' OR refusal <> ''",
        },
        keys={"proposal_id": "proposal", "filed_by": "account", "decided_by": "account"},
        indexed=("proposal_id",),
    )
    op.create_index(
        "uq_vendor_invoice_counting", "vendor_invoice", ["number"], unique=True, sqlite_where=_COUNTS,
        postgresql_where=_COUNTS,
    )  # fmt: skip


def _passes() -> None:
    _table(
        "service_pass",
        _number("application_id", "offer_id"),
        _number("invoice_id", nullable=True),
        _text("number", "status"),
        _number("supply_value", "vat"),
        [_moment("chosen_at"), sa.Column("valid_until", t.Day, nullable=False)],
        _text("delivered"),
        [_moment("reported_at", nullable=True)],
        _text("answer"),
        [_moment("confirmed_at", nullable=True)],
        checks={
            "status": "status IN ('chosen', 'reported', 'disputed', 'confirmed', 'invoiced', 'claimed', 'cancelled', "
            "'expired')",
            "amounts": "supply_value > 0 AND vat >= 0",
            "invoiced": "(status IN ('invoiced', 'claimed')) = (invoice_id IS NOT NULL)",
        },
        keys={"application_id": "application", "offer_id": "offer", "invoice_id": "vendor_invoice"},
        unique=("number",),
        indexed=("application_id", "offer_id", "invoice_id"),
    )


def _claims() -> None:
    """A claim of an invoice has no assessment run: one of the two stands behind every claim."""
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    checks.allow_null("claim", "run_id")
    op.execute(
        f"ALTER TABLE claim ADD COLUMN invoice_id {whole} "
        "CONSTRAINT fk_claim_invoice_id_vendor_invoice REFERENCES vendor_invoice (id) "
        "CONSTRAINT ck_claim_cause CHECK ((run_id IS NULL) = (invoice_id IS NOT NULL))"
    )
    op.create_index(op.f("ix_claim_invoice_id"), "claim", ["invoice_id"])


def _table(
    name: str,
    *columns: list[sa.Column],
    checks: dict[str, str] | None = None,
    keys: dict[str, str],
    unique: tuple[str, ...] = (),
    indexed: tuple[str, ...] = (),
) -> None:
    """A table with an id, its constraints and indexes named as everywhere."""
    op.create_table(
        name,
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        *(column for several in columns for column in several),
        *(sa.CheckConstraint(text, name=op.f(f"ck_{name}_{each}")) for each, text in (checks or {}).items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}_{target}"))
            for column, target in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *([sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}"))] if unique else []),
        sqlite_strict=True,
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _number(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, t.BigInt, nullable=nullable) for name in names]


def _text(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, t.Text, nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, t.Moment, nullable=nullable)


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
