"""Services in kind that were invoiced and are being paid, and what is written around the services about them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.services import claims, payments
from portal.storage.objects import Stores
from tests.factories import actor
from tests.in_kind import CODE, INVOICED, Ministry

# check, what is written around the services, a word of what must be found
BREACHES = [
    ("passes_within_grants", ["UPDATE decision SET amount = 299999 WHERE amount = 500000"], "passes of 300000 exceed"),
    ("passes_within_grants", ["UPDATE service_pass SET vat = vat - 1"], "another price than its offer's"),
    ("invoices_add_up", ["UPDATE vendor_invoice SET supply_value = supply_value + 1"], "its passes say otherwise"),
    ("invoices_add_up", ["UPDATE claim SET payable = payable - 1 WHERE invoice_id IS NOT NULL"], "299999"),
    ("invoices_add_up", ["UPDATE service_pass SET confirmed_at = NULL"], "was not confirmed"),
    (
        "firms_paid_as_agreed",
        ["UPDATE proposal SET status = 'selected'", "UPDATE proposal SET agreement_number = NULL"],
        "the firm has no agreement",
    ),
    (
        "firms_paid_as_agreed",
        ["UPDATE payment SET netted = 1 WHERE claim_id IN (SELECT id FROM claim WHERE invoice_id IS NOT NULL)"],
        "that a merchant owes from a firm",
    ),
]


def supply(session: Session, stores: Stores) -> None:
    ministry = Ministry(session, stores)
    found = ministry.agreed()
    ministry.accepted(found, ministry.confirmed(ministry.granted(), found))
    claims.approve(session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
