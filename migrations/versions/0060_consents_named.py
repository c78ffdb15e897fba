"""Consents name their programmes; refusals say what was wrong; an association's signed members wait for a look."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0060_consents_named"
down_revision = "0059_store_numbers"
branch_labels = None
depends_on = None

_STANDS = sa.text("status = 'active' AND capacity <> 'consent'")


def upgrade() -> None:
    checks.widen("notification", "kind", "member_refused")
    _programmes()
    op.drop_index("uq_mandate_standing", "mandate")
    op.create_index(
        "uq_mandate_standing", "mandate", ["merchant_id", "holder_id", "capacity"], unique=True,
        sqlite_where=_STANDS, postgresql_where=_STANDS,
    )  # fmt: skip
    _ground()
    _listed()


def _programmes() -> None:
    """What is on record of consents given until now: the programmes in which somebody began to apply by them."""
    targets = {"mandate_id": "mandate", "programme_id": "programme"}
    op.create_table(
        "mandate_programme",
        *(sa.Column(name, t.BigInt, nullable=False) for name in targets),
        sa.PrimaryKeyConstraint(*targets, name=op.f("pk_mandate_programme")),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_mandate_programme_{name}_{target}"))
            for name, target in targets.items()
        ),
        sqlite_strict=True,
    )
    bind = op.get_bind()
    consents = set(bind.execute(sa.text("SELECT id FROM mandate WHERE capacity = 'consent'")).scalars())
    programme_of = dict(bind.execute(sa.text("SELECT id, programme_id FROM application")).all())
    applied = bind.execute(sa.text("SELECT mandate_id, programme_id FROM application WHERE mandate_id IS NOT NULL"))
    found = {(mandate, programme) for mandate, programme in applied if mandate in consents}
    begun = "SELECT record_id, details FROM audit_event WHERE noun = 'application' AND action IN ('start', 'submit')"
    for record, details in bind.execute(sa.text(begun)):
        by = (json.loads(details) if isinstance(details, str) else details or {}).get("mandate")
        if by in consents and record in programme_of:  # begun by one consent, and carried on by another since
            found.add((by, programme_of[record]))
    table = sa.table("mandate_programme", sa.column("mandate_id"), sa.column("programme_id"))
    if found:
        rows = [{"mandate_id": mandate, "programme_id": programme} for mandate, programme in sorted(found)]
        bind.execute(table.insert(), rows)


def _ground() -> None:
    """Of earlier refusals nobody said that it was the name: none of them opens a record."""
    condition = (
        "CONSTRAINT ck_proxy_entry_ground CHECK (ground IS NULL OR ground IN ('paper', 'identity'))"
        if op.get_bind().dialect.name == "sqlite"
        else ""
    )
    op.execute(f"ALTER TABLE proxy_entry ADD COLUMN ground TEXT {condition}")
    if not condition:
        op.create_check_constraint(
            op.f("ck_proxy_entry_ground"), "proxy_entry", "ground IS NULL OR ground IN ('paper', 'identity')"
        )
    op.execute("UPDATE proxy_entry SET ground = 'paper' WHERE status = 'refused'")
    checks.replace(
        "proxy_entry", "ck_proxy_entry_refusal",
        "status <> 'refused' OR (refusal <> '' AND ground IS NOT NULL)",
    )  # fmt: skip


def _listed() -> None:
    """Nobody compared the account of whom an association listed with a paper: an official does, before the decision
    and before money leaves for what was decided already.
    """
    op.execute(
        "INSERT INTO proxy_entry (mandate_id, merchant_id, organisation_id, status, first_seen, entered_by, entered_at,"
        " refusal) "
        "SELECT m.id, m.merchant_id, p.organisation_id, 'waiting',"
        " NOT EXISTS (SELECT 1 FROM mandate o WHERE o.merchant_id = m.merchant_id AND o.id < m.id),"
        " m.holder_id, m.given_at, '' "
        "FROM roster_member r JOIN application a ON a.id = r.application_id JOIN mandate m ON m.id = a.mandate_id "
        "JOIN programme p ON p.id = a.programme_id "
        "WHERE r.way = 'paper' AND m.capacity = 'association' AND a.status NOT IN ('rejected', 'returned', 'withdrawn')"
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
