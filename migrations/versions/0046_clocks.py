"""Clocks and supplements: extensions, notices of how a case stands, applications returned, changes of holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import checks
from migrations import column_types as t

revision = "0046_clocks"
down_revision = "0045_notifications"
branch_labels = None
depends_on = None

STATUSES = (
    "('draft', 'submitted', 'in_review', 'supplement_requested', 'recommended', 'approved', 'rejected', 'withdrawn',"
    " 'returned')"
)
LETTERS = (
    "('decision', 'rejection', 'supplement', 'payment', 'recovery_notice', 'recovery_order',"
    " 'recovery_instalments', 'recovery_closed', 'payment_returned', 'account_change', 'reserved',"
    " 'decision_changed', 'objection_extended', 'objection_result', 'extension', 'extension_asked',"
    " 'supplement_extended', 'status_notice', 'returned')"
)
_ALIVE = sa.text("status NOT IN ('withdrawn', 'rejected', 'returned')")
_STANDS = sa.text("status <> 'declined'")
_WAITS = sa.text("status = 'proposed'")


def upgrade() -> None:
    checks.replace("application", "ck_application_status", f"status IN {STATUSES}")
    checks.replace("letter", "ck_letter_kind", f"kind IN {LETTERS}")
    op.drop_index("uq_application_alive", "application")
    op.create_index(
        "uq_application_alive", "application", ["programme_id", "merchant_id"], unique=True,
        sqlite_where=_ALIVE, postgresql_where=_ALIVE,
    )  # fmt: skip
    op.add_column("application", sa.Column("return_reasons", t.Text, nullable=False, server_default=""))
    op.add_column("application", sa.Column("reopened_at", t.Moment, nullable=True))
    op.add_column("supplement", sa.Column("days_late", t.BigInt, nullable=False, server_default="0"))
    _processing_extension()
    _supplement_extension()
    _status_notice()
    _holiday_change()


def _processing_extension() -> None:
    _table(
        "processing_extension",
        {"application_id": "application", "asked_by": "account", "answered_by": "account"},
        sa.Column("number", t.BigInt, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("days", t.BigInt, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("due_before", t.Day, nullable=False),
        sa.Column("due_on", t.Day, nullable=True),
        sa.Column("asked_at", t.Moment, nullable=False),
        sa.Column("answered_at", t.Moment, nullable=True),
        sa.CheckConstraint("status IN ('asked', 'in_force', 'declined')", name=op.f("ck_processing_extension_status")),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_processing_extension_number")),
        sa.CheckConstraint("days > 0", name=op.f("ck_processing_extension_days")),
        sa.CheckConstraint("status <> 'in_force' OR due_on IS NOT NULL", name=op.f("ck_processing_extension_due_on")),
        sa.CheckConstraint(
            "status <> 'in_force' OR number = 1 OR answered_by IS NOT NULL",
            name=op.f("ck_processing_extension_consent"),
        ),
        optional=("answered_by",),
    )
    op.create_index(op.f("ix_processing_extension_application_id"), "processing_extension", ["application_id"])
    op.create_index(
        "uq_processing_extension_number", "processing_extension", ["application_id", "number"], unique=True,
        sqlite_where=_STANDS, postgresql_where=_STANDS,
    )  # fmt: skip


def _supplement_extension() -> None:
    _table(
        "supplement_extension",
        {"supplement_id": "supplement", "asked_by": "account"},
        sa.Column("number", t.BigInt, nullable=False),
        sa.Column("days", t.BigInt, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("due_before", t.Day, nullable=False),
        sa.Column("due_on", t.Day, nullable=False),
        sa.Column("asked_at", t.Moment, nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_supplement_extension_days")),
        sa.CheckConstraint("due_on > due_before", name=op.f("ck_supplement_extension_later")),
        sa.UniqueConstraint("supplement_id", "number", name=op.f("uq_supplement_extension_supplement_id_number")),
    )


def _status_notice() -> None:
    _table(
        "status_notice",
        {"application_id": "application", "letter_id": "letter"},
        sa.Column("number", t.BigInt, nullable=False),
        sa.Column("due_on", t.Day, nullable=True),
        sa.Column("sent_at", t.Moment, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_status_notice_number")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_status_notice_application_id_number")),
    )


def _holiday_change() -> None:
    _table(
        "holiday_change",
        {"organisation_id": "organisation", "proposed_by": "account", "decided_by": "account"},
        sa.Column("kind", t.Text, nullable=False),
        sa.Column("day", t.Day, nullable=False),
        sa.Column("name", t.Text, nullable=False),
        sa.Column("reason", t.Text, nullable=False),
        sa.Column("status", t.Text, nullable=False),
        sa.Column("moved", t.BigInt, nullable=False),
        sa.Column("proposed_at", t.Moment, nullable=False),
        sa.Column("decided_at", t.Moment, nullable=True),
        sa.CheckConstraint("kind IN ('add', 'remove')", name=op.f("ck_holiday_change_kind")),
        sa.CheckConstraint("status IN ('proposed', 'in_force', 'refused')", name=op.f("ck_holiday_change_status")),
        sa.CheckConstraint("status = 'proposed' OR decided_at IS NOT NULL", name=op.f("ck_holiday_change_decided")),
        optional=("decided_by",),
    )
    op.create_index("ix_holiday_change_organisation_id_status", "holiday_change", ["organisation_id", "status"])
    op.create_index(
        "uq_holiday_change_waits", "holiday_change", ["organisation_id", "day"], unique=True,
        sqlite_where=_WAITS, postgresql_where=_WAITS,
    )  # fmt: skip


def _table(name: str, targets: dict[str, str], *rest: sa.schema.SchemaItem, optional: tuple[str, ...] = ()) -> None:
    """A table with an id and one column for each foreign key."""
    op.create_table(
        name,
        sa.Column("id", t.BigInt, autoincrement=True, nullable=False),
        *(sa.Column(column, t.BigInt, nullable=column in optional) for column in targets),
        *rest,
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}_{target}"))
            for column, target in targets.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise RuntimeError("published records are corrected forward")
