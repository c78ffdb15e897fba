"""Services in kind that were paid, asked back and are netted, and what is written around the services about them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.payments import PaymentRun
from portal.services import claims, invoice_corrections, payments, recoveries
from portal.storage.objects import Stores
from tests.approved_claims import answer
from tests.factories import actor, make_official
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
        ["UPDATE recovery SET invoice_id = NULL"],
        "nets what another owes",
    ),
]


def supply(session: Session, stores: Stores) -> None:
    ministry = Ministry(session, stores)
    found = ministry.agreed()
    given = ministry.confirmed(ministry.granted(), found)
    ministry.accepted(found, given)
    run = _prepared(ministry)
    payments.release(session, stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    said = answer(run, (0, "done"), on=INVOICED.date())
    payments.settle(session, stores, run.id, said, by=actor(ministry.payer), at=INVOICED)
    why, reviewer = "쿠폰이 나가지 않았습니다.", actor(ministry.reviewer)
    (credit,) = invoice_corrections.correct(session, given.invoice_id or 0, [given.id], why, by=reviewer, at=INVOICED)
    decider = make_official(session, Role.APPROVER, organisation=ministry.organisation)
    recoveries.order(session, stores, credit.id, by=actor(decider), at=INVOICED)
    ministry.accepted(found, ministry.confirmed(ministry.granted(), found), number=2)
    _prepared(ministry)


def _prepared(ministry: Ministry) -> PaymentRun:
    claims.approve(ministry.session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    return payments.prepare(ministry.session, CODE, by=actor(ministry.payer), at=INVOICED)
