"""An accepted invoice is taken back before it is paid; after, its price is asked back from the firm to the won."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.claims import ClaimStatus
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, InvalidTransition, NotFound, SamePerson
from portal.domain.invoices import InvoiceStatus
from portal.domain.notifications import Kind
from portal.domain.proposals import Account, ProposalStatus
from portal.domain.recoveries import OpenRecovery, Origin, Receipt, RecoveryStatus
from portal.domain.recovery_rates import Cause
from portal.domain.service_passes import PassStatus
from portal.models.claims import Claim
from portal.models.notifications import Notification
from portal.models.payments import PaymentRun
from portal.models.recoveries import Recovery
from portal.models.service_passes import ServicePass
from portal.queries import (
    in_kind_invariants,
    invoices,
    money_invariants,
    recoveries,
    recovery_invariants,
    recovery_pages,
)
from portal.services import claims, invoice_corrections, payments, proposal_choice, proposals, recovery_receipts
from portal.services import recoveries as recovery_services
from portal.storage.objects import Stores
from tests.approved_claims import answer
from tests.factories import actor, make_official
from tests.in_kind import AGREED, CHOICE, CODE, INVOICED, Ministry
from tests.payments_made import money_is_in_order, paid_by_source

WHY = "쿠폰이 나가지 않은 것으로 확인되었습니다."


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def in_order(session: Session) -> list[str]:
    checks = (
        in_kind_invariants.passes_within_grants,
        in_kind_invariants.invoices_add_up,
        in_kind_invariants.firms_paid_as_agreed,
        money_invariants.claims_within_assessment,
        money_invariants.commitments_not_overdrawn,
        money_invariants.shares_agree,
        recovery_invariants.recoveries_within_payments,
        recovery_invariants.receipts_within_orders,
        recovery_invariants.recoveries_agree,
    )
    return money_is_in_order(session) + [broken for check in checks for broken in check(session)]


def approved(ministry: Ministry) -> None:
    claims.approve(ministry.session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)


def paid(ministry: Ministry) -> PaymentRun:
    """What was accepted is approved, released, and done by the bank where it moves anything."""
    session = ministry.session
    approved(ministry)
    run = payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    payments.release(session, ministry.stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    moving = [place for place, payment in enumerate(run.payments) if payment.amount]
    if moving:
        said = answer(run, *((place, "done") for place in moving), on=INVOICED.date())
        payments.settle(session, ministry.stores, run.id, said, by=actor(ministry.payer), at=INVOICED)
    return run


def demanded(ministry: Ministry, claim: Claim, given: ServicePass) -> Recovery:
    """A paid service is asked back from its firm; ordered by another than who approved the claim."""
    session, decider = (
        ministry.session,
        make_official(ministry.session, Role.APPROVER, organisation=ministry.organisation),
    )
    (credit,) = invoice_corrections.correct(
        session, claim.invoice_id or 0, [given.id], WHY, by=actor(ministry.reviewer), at=INVOICED
    )
    with pytest.raises(SamePerson):
        recovery_services.order(session, ministry.stores, credit.id, by=actor(ministry.approver), at=INVOICED)
    return recovery_services.order(session, ministry.stores, credit.id, by=actor(decider), at=INVOICED)


def test_an_approved_invoice_is_taken_back_by_two_and_its_services_are_invoiced_anew(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.confirmed(case, found)
    (claim,) = ministry.accepted(found, given)
    approved(ministry)
    invoice_id = claim.invoice_id or 0
    with pytest.raises(Incomplete, match="words_too_short"):
        invoice_corrections.propose_taking_back(session, invoice_id, "음", by=actor(ministry.reviewer), at=INVOICED)
    invoice_corrections.propose_taking_back(session, invoice_id, WHY, by=actor(ministry.reviewer), at=INVOICED)
    with pytest.raises(Incomplete, match="invoice_in_doubt"):  # nothing of it is paid while it is in doubt
        payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    invoice = invoice_corrections.take_back(session, invoice_id, by=actor(ministry.approver), at=INVOICED)
    assert (invoice.status, claim.status) == (InvoiceStatus.TAKEN_BACK, ClaimStatus.SUPERSEDED)
    assert (given.status, given.invoice_id, invoice.passes) == (PassStatus.CONFIRMED, None, [])
    assert (
        session.scalars(select(Notification.kind).order_by(Notification.id.desc())).first() is Kind.INVOICE_TAKEN_BACK
    )
    (again,) = ministry.accepted(found, given)  # the same number, for the same service
    assert (again.payable, again.revision) == (300_000, 2)
    paid(ministry)
    assert paid_by_source(session) == {"national": 300_000}
    assert in_order(session) == []


def test_what_is_kept_is_paid_and_what_is_on_its_way_is_not_taken_back(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    (claim,) = ministry.accepted(found, ministry.confirmed(case, found))
    invoice_id, reviewer = claim.invoice_id or 0, actor(ministry.reviewer)
    invoice_corrections.propose_taking_back(session, invoice_id, WHY, by=reviewer, at=INVOICED)
    invoice_corrections.keep(session, invoice_id, "청구가 맞습니다.", by=actor(ministry.approver), at=INVOICED)
    approved(ministry)
    payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    with pytest.raises(InvalidTransition, match="being paid"):
        invoice_corrections.propose_taking_back(session, invoice_id, WHY, by=reviewer, at=INVOICED)
    with pytest.raises(Incomplete, match="nothing_to_correct"):
        invoice_corrections.correct(session, invoice_id, [1], WHY, by=reviewer, at=INVOICED)
    assert in_order(session) == []


def test_what_a_firm_was_paid_wrongly_is_kept_from_its_next_invoice_to_the_won(ministry: Ministry) -> None:
    session, found = ministry.session, ministry.agreed(won=299_999)
    case, other = ministry.granted(), ministry.granted()
    given = ministry.confirmed(case, found)
    (claim,) = ministry.accepted(found, given)
    paid(ministry)
    credit = demanded(ministry, claim, given)
    assert (credit.status, credit.demanded, credit.debtor) == (RecoveryStatus.ORDERED, 299_999, found)
    with pytest.raises(Incomplete, match="nothing_to_correct"):  # asked back once
        invoice_corrections.correct(
            session, claim.invoice_id or 0, [given.id], WHY, by=actor(ministry.reviewer), at=INVOICED
        )
    assert recovery_pages.of_owner(session, actor(case.owner)) == []  # it is no matter of the merchant
    with pytest.raises(NotFound):
        recoveries.owned(session, credit.id, actor(case.owner))
    ministry.accepted(found, ministry.confirmed(other, found), number=2)
    (payment,) = paid(ministry).payments
    assert (payment.amount, payment.netted) == (0, 299_999)
    assert (credit.status, credit.fulfilled) == (RecoveryStatus.SETTLED, 299_999)
    assert paid_by_source(session) == {"national": 299_999}
    assert in_order(session) == []


def test_a_second_correction_of_a_month_waits_for_the_first_and_says_which_that_is(ministry: Ministry) -> None:
    session, found, by = ministry.session, ministry.agreed(won=200_000), actor(ministry.reviewer)
    case, other = ministry.granted(), ministry.granted()
    first, second = (ministry.confirmed(case, found) for _ in range(2))
    third = ministry.confirmed(other, found)
    claim, _theirs = ministry.accepted(found, first, second, third)
    invoice_id = claim.invoice_id or 0
    paid(ministry)
    credit = demanded(ministry, claim, first)
    invoice = invoices.one(session, invoice_id, by)
    assert invoices.correctable(session, invoice) == ([third], [(second, credit)])
    with pytest.raises(AlreadyDone) as refused:
        invoice_corrections.correct(session, invoice_id, [second.id, third.id], WHY, by=by, at=INVOICED)
    assert [(each.code, each.value) for each in refused.value.problems] == [
        ("correction_in_hand", f"{claim.merchant.trade_name}, {credit.period}")
    ]
    receipt = Receipt(200_000, "입금 20260901", INVOICED.date())
    recovery_receipts.receive(session, ministry.stores, credit.id, receipt, by=actor(ministry.payer), at=INVOICED)
    again = invoice_corrections.correct(session, invoice_id, [second.id, third.id], WHY, by=by, at=INVOICED)
    assert {each.amount for each in again} == {200_000}
    assert in_order(session) == []


def test_what_the_bank_sent_back_is_not_taken_back_where_a_debt_was_kept_from_it_or_it_is_asked_back(
    ministry: Ministry,
) -> None:
    """Else the firm would be paid anew for what settled its debt, or owe what it never kept."""
    session, found, by = ministry.session, ministry.agreed(won=200_000), actor(ministry.reviewer)
    case, other = ministry.granted(), ministry.granted()
    given = ministry.confirmed(case, found)
    (first,) = ministry.accepted(found, given)
    paid(ministry)
    demanded(ministry, first, given)
    (netted,) = ministry.accepted(found, *(ministry.confirmed(other, found) for _ in range(2)), number=2)
    runs, asked = [paid(ministry)], ministry.confirmed(case, found)
    (claim,) = ministry.accepted(found, asked, number=3)
    runs.append(paid(ministry))
    (credit,) = invoice_corrections.correct(session, claim.invoice_id or 0, [asked.id], WHY, by=by, at=INVOICED)
    assert [(run.payments[0].amount, run.payments[0].netted) for run in runs] == [(200_000, 200_000), (200_000, 0)]
    for run, unpaid in zip(runs, (netted, claim), strict=True):
        back = answer(run, (0, "returned"))
        payments.settle(session, ministry.stores, run.id, back, by=actor(ministry.payer), at=INVOICED)
        assert unpaid.status is ClaimStatus.PAYMENT_FAILED
        with pytest.raises(InvalidTransition, match="was paid"):
            invoice_corrections.propose_taking_back(session, unpaid.invoice_id or 0, WHY, by=by, at=INVOICED)
    decider = make_official(session, Role.APPROVER, organisation=ministry.organisation)
    with pytest.raises(Incomplete, match="recovery_over_paid"):  # the money is back already
        recovery_services.order(session, ministry.stores, credit.id, by=actor(decider), at=INVOICED)


def test_nothing_is_kept_from_another_firm_and_a_firm_may_pay_back_itself(ministry: Ministry) -> None:
    session = ministry.session
    first, second = ministry.scored("syrup"), ministry.scored("baemin", won=100_000)
    ministry.resolve()
    ministry.agree(first)
    ministry.agree(second)
    case = ministry.granted()
    given = ministry.confirmed(case, first)
    (claim,) = ministry.accepted(first, given)
    paid(ministry)
    credit = demanded(ministry, claim, given)
    ministry.accepted(second, ministry.confirmed(case, second), number=2)
    (payment,) = paid(ministry).payments
    assert (payment.amount, payment.netted) == (100_000, 0)
    receipt = Receipt(300_000, "입금 20260901", INVOICED.date())
    recovery_receipts.receive(session, ministry.stores, credit.id, receipt, by=actor(ministry.payer), at=INVOICED)
    assert credit.status is RecoveryStatus.SETTLED
    assert paid_by_source(session) == {"national": 100_000}
    assert in_order(session) == []


def test_a_merchant_is_asked_for_nothing_that_a_firm_was_paid(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    (claim,) = ministry.accepted(found, ministry.confirmed(case, found))
    paid(ministry)
    command = OpenRecovery(CODE, claim.merchant_id, claim.period, 300_000, Cause.CORRECTED, Origin.AUDIT, WHY)
    with pytest.raises(Incomplete, match="recovery_nothing_paid"):
        recovery_services.open_case(ministry.session, command, by=actor(ministry.reviewer), at=INVOICED)
    assert recovery_pages.paid_months(ministry.session, actor(case.owner)) == []


def test_a_mistyped_account_is_corrected_until_it_was_checked_and_nobody_checks_what_they_did_not_see(
    ministry: Ministry,
) -> None:
    session, found, by = ministry.session, ministry.scored(), ministry.firm("syrup")
    ministry.resolve()
    seen, mended = found.account.mark, Account("011", "777777777777", "주식회사 플랫폼")
    proposals.change_account(session, found.id, mended, by=by, at=CHOICE)
    assert (found.status, found.account) == (ProposalStatus.SELECTED, mended)
    with pytest.raises(Conflict, match="account_corrected"):
        proposal_choice.verify(session, found.id, seen=seen, by=actor(ministry.reviewer), at=AGREED)
    proposal_choice.verify(session, found.id, seen=mended.mark, by=actor(ministry.reviewer), at=AGREED)
