"""Words of banks and registers for the test of the checker, and rows that contradict them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.bank_orders import Outcome, Word
from portal.domain.snapshots import Heard, SnapshotAnswer, TaxAnswer
from portal.models.payments import PaymentRun
from portal.services import bank_orders, snapshots
from tests.factories import AT

_SENT = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 'payment', 1, 'send', user_id, person_id, at, '' FROM audit_event WHERE id = 1"
)
_ORDER = (
    "INSERT INTO bank_order (payment_id, sent_at, asked, heard)"
    " SELECT {payment}, posted_at, 0, 0 FROM ledger_entry WHERE id = 1"
)

# check, what is written around the services, a word of what must be found
BREACHES = [
    ("money_agrees", ["UPDATE payment SET status = 'returned' WHERE id = 1"], "the ledger took back 0"),
    ("shares_agree", ["UPDATE payment SET status = 'returned' WHERE id = 1"], "gets"),
    ("orders_sent_once", [_SENT, _SENT], "was sent more than once"),
    ("ends_have_evidence", [_ORDER.format(payment=1)], "payment 1 is done without the bank's word"),
    ("ends_have_evidence", [_ORDER.format(payment=3)], "payment 3: nobody asks the bank any more"),
]


def ask(session: Session, run: PaymentRun) -> None:
    """The tax office speaks of a business, and the bank calls about a payment of nobody."""
    merchant = run.payments[0].claim.merchant
    heard = Heard({merchant.business_number: TaxAnswer(SnapshotAnswer.ACTIVE)}, "0" * 64)
    snapshots.keep_tax_status(session, [(merchant.id, merchant.business_number)], heard, at=AT)
    bank_orders.hear(session, Word(Outcome.DONE, "R1-00001", 5, "004", "1"), "t=1", at=AT)
