"""Books kept by hand for the test of the checker: a voucher, a stop that was declined, a seal; and what breaks them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.stops import StopKind
from portal.domain.vouchers import DraftVoucher, VoucherFile, VoucherKind
from portal.queries.audit_chain import last_event
from portal.services import audit_chain, reconciliations, stops, vouchers
from portal.storage.objects import Stores
from tests.factories import AT

_SLIPPED_IN = (
    "INSERT INTO audit_event (id, noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 0, noun, record_id, action, user_id, person_id, at, '' FROM audit_event WHERE id = 1"
)

# check, what is written around the services, a word of what must be found
BREACHES = [
    (
        "closed_years_untouched",
        ["UPDATE fiscal_year SET status = 'closed', closed_upto = 1"],
        "the year 2026 was closed before it",
    ),
    ("audit_chain_verifies", [_SLIPPED_IN], "seal after event"),
]


def keep(session: Session, stores: Stores, payer: Actor, releaser: Actor) -> None:
    """A voucher that was posted, payments that were asked to stop and went on, checks that ran, and a seal."""
    stops.take(session, StopKind.ASK, whole=False, reason="같은 계좌", by=payer, at=AT)
    stops.take(session, StopKind.DECLINE, whole=False, reason="", by=payer, at=AT)
    reconciliations.keep(session, [], started_at=AT, at=AT)
    voucher = DraftVoucher(VoucherKind.APPROPRIATE, 1, 5, "추경", VoucherFile("a.pdf", "application/pdf", b"%PDF"))
    drafted = vouchers.draft(session, stores.evidence, voucher, by=payer, at=AT)
    vouchers.post(session, drafted.id, by=releaser, at=AT)
    audit_chain.seal(session, last_event(session), at=AT)
