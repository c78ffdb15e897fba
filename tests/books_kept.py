"""What an office does with its books (a voucher, a seal, a stop asked for and declined), and how each can be broken."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.stops import StopKind
from portal.domain.vouchers import DraftVoucher, VoucherFile, VoucherKind
from portal.queries.audit_chain import last_event
from portal.services import audit_chain, reconcile, reconciliations, stops, vouchers
from tests.factories import AT

# check, what is written around the services, a word of what must be found
BREACHES = [
    (
        "closed_years_untouched",
        ["UPDATE fiscal_year SET status = 'closed', closed_upto = 1"],
        "the year 2026 was closed before it",
    ),
    (
        "audit_chain_verifies",
        [
            "INSERT INTO audit_event (id, noun, record_id, action, user_id, person_id, at, note)"
            " SELECT 0, noun, record_id, action, user_id, person_id, at, '' FROM audit_event WHERE id = 1"
        ],
        "seal after event",
    ),
]


def keep_books(session: Session, files: reconcile.Files, first: Actor, second: Actor) -> None:
    """Something in each of the tables that only grow."""
    stops.take(session, StopKind.ASK, whole=False, reason="같은 계좌", by=first, at=AT)
    stops.take(session, StopKind.DECLINE, whole=False, reason="", by=first, at=AT)
    reconciliations.keep(session, [], started_at=AT, at=AT)
    voucher = DraftVoucher(VoucherKind.APPROPRIATE, 1, 5, "추경", VoucherFile("a.pdf", "application/pdf", b"%PDF"))
    drafted = vouchers.draft(session, files.stores.evidence, voucher, by=first, at=AT)
    vouchers.post(session, drafted.id, by=second, at=AT)
    audit_chain.seal(session, last_event(session), at=AT)


def unguarded(session: Session, table: str) -> list[str]:
    """The statements that take the guards of a table away."""
    if session.get_bind().dialect.name == "postgresql":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    return [f"DROP TRIGGER {name}" for name in session.scalars(names, {"table": table})]
