"""Services in kind from the call for platforms to the payment of the firm, and what each step refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, ActsFor, Capacity
from portal.domain.claims import ClaimStatus
from portal.domain.errors import (
    AlreadyDone,
    BudgetExhausted,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    SamePerson,
)
from portal.domain.invoices import InvoiceStatus
from portal.domain.payments import PaymentStatus
from portal.domain.proposals import Account, GiveProposalScores, ProposalStatus, SignAgreement
from portal.domain.service_passes import PassStatus
from portal.queries import in_kind_invariants, money_invariants
from portal.queries import service_passes as look_up
from portal.services import claims, invoices, payments, proposal_choice, proposals, service_passes
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import standing_in
from tests.approved_claims import answer
from tests.factories import actor, make_merchant_user
from tests.in_kind import AGREED, CALL, CHOICE, CODE, INVOICED, OPEN, OPINION, Ministry, points, proposal
from tests.payments_made import money_is_in_order, paid_by_source
from tests.standing_in import make_clerk


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def in_order(session: Session) -> list[str]:
    checks = (
        in_kind_invariants.passes_within_grants,
        in_kind_invariants.invoices_add_up,
        in_kind_invariants.firms_paid_as_agreed,
        money_invariants.claims_within_assessment,
        money_invariants.own_money_left_alone,
        money_invariants.commitments_not_overdrawn,
    )
    return money_is_in_order(session) + [broken for check in checks for broken in check(session)]


def test_the_best_firms_are_chosen_by_the_average_of_two_who_scored_apart(ministry: Ministry) -> None:
    marks = {"syrup": 50, "baemin": 40, "yogiyo": 45, "barogo": 30, "vroong": 20, "zigbang": 35, "line": 25}
    found = {platform: ministry.scored(platform, service) for platform, service in marks.items()}
    failed = ministry.scored("kakaopay", 0)
    chosen = ministry.resolve()
    assert [each.platform for each in chosen] == ["syrup", "yogiyo", "baemin", "zigbang", "barogo", "line"]
    assert [each.rank for each in chosen] == [1, 2, 3, 4, 5, 6]
    assert (found["syrup"].score, found["vroong"].status) == (8_500, ProposalStatus.NOT_SELECTED)
    assert failed.rank is None  # 35 of 100, below the pass mark of 60
    assert failed.status is ProposalStatus.NOT_SELECTED
    with pytest.raises(InvalidTransition):
        ministry.resolve()


def test_no_choice_is_made_before_every_proposal_has_two_sheets(ministry: Ministry) -> None:
    made = ministry.submitted()
    proposal_choice.score(ministry.session, made.id, points(), by=actor(ministry.first), at=CALL)
    with pytest.raises(Incomplete):
        ministry.resolve()
    with pytest.raises(AlreadyDone):
        proposal_choice.score(ministry.session, made.id, points(50), by=actor(ministry.first), at=CALL)


def test_no_choice_is_made_while_platforms_may_still_propose(ministry: Ministry) -> None:
    ministry.scored()
    with pytest.raises(Incomplete) as refused:
        proposal_choice.resolve(ministry.session, CODE, OPINION, by=actor(ministry.approver), at=CALL)
    assert [problem.code for problem in refused.value.problems] == ["call_still_open"]


def test_an_assessor_says_to_have_no_interest_in_the_firm(ministry: Ministry) -> None:
    made, silent = ministry.submitted(), points()
    command = GiveProposalScores(silent.points, no_interest=False)
    with pytest.raises(Incomplete):
        proposal_choice.score(ministry.session, made.id, command, by=actor(ministry.first), at=CALL)


def test_a_firm_sees_and_changes_only_its_own_proposal(ministry: Ministry) -> None:
    made, other = ministry.drafted("syrup"), ministry.firm("baemin")
    for act in (
        lambda: proposals.revise(ministry.session, made.id, proposal(), by=other, at=CALL),
        lambda: proposals.submit(ministry.session, made.id, by=other, at=CALL),
        lambda: proposals.withdraw(ministry.session, made.id, by=other, at=CALL),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(AlreadyDone):
        proposals.draft(ministry.session, CODE, proposal(), by=ministry.firm("syrup"), at=CALL)


def test_a_proposal_needs_its_conditions_a_service_and_an_open_call(ministry: Ministry) -> None:
    by = ministry.firm("syrup")
    with pytest.raises(Incomplete):
        proposals.draft(ministry.session, CODE, proposal(conditions=False), by=by, at=CALL)
    with pytest.raises(Incomplete):
        proposals.draft(ministry.session, CODE, proposal(), by=by, at=CHOICE)
    empty = proposals.draft(ministry.session, CODE, proposal(), by=by, at=CALL)
    with pytest.raises(Incomplete):
        proposals.submit(ministry.session, empty.id, by=by, at=CALL)


def test_an_agreement_needs_another_than_who_checked_the_account(ministry: Ministry) -> None:
    found = ministry.scored()
    ministry.resolve()
    signed = SignAgreement("제1호", AGREED.date(), date(2026, 12, 31))
    with pytest.raises(InvalidTransition):
        proposal_choice.agree(ministry.session, found.id, signed, by=actor(ministry.approver), at=AGREED)
    assert ministry.agree(found).status is ProposalStatus.AGREED


def test_a_merchant_chooses_within_the_grant_and_what_is_cancelled_may_be_chosen_anew(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    chosen = ministry.chosen(case, found)
    assert (chosen.supply_value, chosen.vat) == (300_000, 30_000)
    assert chosen.number.startswith("SP26-")
    with pytest.raises(BudgetExhausted):
        ministry.chosen(case, found)  # 600,000 of 500,000
    service_passes.cancel(ministry.session, chosen.id, by=actor(case.owner), at=OPEN)
    assert ministry.chosen(case, found).status is PassStatus.CHOSEN
    assert in_order(ministry.session) == []


def test_nothing_is_chosen_of_another_grant_or_before_the_agreement(ministry: Ministry) -> None:
    found = ministry.scored()
    ministry.resolve()
    case, other = ministry.granted(), ministry.granted()
    with pytest.raises(NotFound):
        ministry.chosen(case, found)  # not agreed
    ministry.agree(found)
    with pytest.raises(NotFound):
        service_passes.choose(ministry.session, case.id, found.offers[0].id, by=actor(other.owner), at=OPEN)


def test_an_agent_chooses_for_the_business_they_act_for_and_meanwhile_for_none_of_their_own(
    ministry: Ministry, stores: Stores
) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    agent = make_merchant_user(session, name="세무사")
    own = ministry.granted(owner=agent)
    mandate = standing_in.give(session, stores, case.application.merchant, case.owner, agent, at=OPEN)
    by, offer = standing_in.acting(session, agent, mandate, at=OPEN), found.offers[0].id
    assert [each.application.id for each in look_up.entitlements(session, by, on=OPEN.date())] == [case.id]
    chosen = service_passes.choose(session, case.id, offer, by=by, at=OPEN)
    assert [each.id for each in look_up.of_owner(session, by)] == [chosen.id]
    with pytest.raises(NotFound):
        service_passes.choose(session, own.id, offer, by=by, at=OPEN)
    assert look_up.owned(session, chosen.id, actor(case.owner)) is chosen
    service_passes.cancel(session, chosen.id, by=by, at=OPEN)


def test_a_consent_opens_no_choice_of_services(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    clerk = make_clerk(ministry.session)
    place = ActsFor(1, case.application.merchant_id, Capacity.CONSENT, "구례식당")
    with pytest.raises(NotPermitted):
        service_passes.choose(
            ministry.session, case.id, found.offers[0].id, by=replace(actor(clerk), acts_for=place), at=OPEN
        )


def test_a_pass_that_was_never_used_expires_and_frees_the_grant(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    chosen, late = ministry.chosen(case, found), OPEN + timedelta(days=61)
    with pytest.raises(Incomplete):
        service_passes.report(ministry.session, chosen.id, "만들어 드렸습니다.", by=ministry.firm("syrup"), at=late)
    seen = [look_up.entitlements(ministry.session, actor(case.owner), on=at.date())[0].left for at in (OPEN, late)]
    assert seen == [200_000, 500_000]  # the page offers it although nothing has expired yet
    ministry.chosen(case, found, at=late)
    assert chosen.status is PassStatus.EXPIRED


def test_only_the_firm_reports_and_only_the_owner_confirms(ministry: Ministry) -> None:
    found, case, other = ministry.agreed(), ministry.granted(), ministry.granted()
    chosen = ministry.chosen(case, found)
    with pytest.raises(NotFound):
        service_passes.report(ministry.session, chosen.id, "만들어 드렸습니다.", by=ministry.firm("baemin"), at=OPEN)
    service_passes.report(ministry.session, chosen.id, "만들어 드렸습니다.", by=ministry.firm("syrup"), at=OPEN)
    with pytest.raises(NotFound):
        service_passes.confirm(ministry.session, chosen.id, by=actor(other.owner), at=OPEN)
    with pytest.raises(InvalidTransition):
        service_passes.cancel(ministry.session, chosen.id, by=actor(case.owner), at=OPEN)


def test_a_disputed_service_is_put_right_or_given_up(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    chosen, firm = ministry.chosen(case, found), ministry.firm("syrup")
    service_passes.report(ministry.session, chosen.id, "만들어 드렸습니다.", by=firm, at=OPEN)
    service_passes.dispute(ministry.session, chosen.id, "쿠폰이 보이지 않습니다.", by=actor(case.owner), at=OPEN)
    with pytest.raises(Incomplete):
        ministry.filed(found, chosen)
    service_passes.give_up(ministry.session, chosen.id, by=firm, at=OPEN)
    assert ministry.chosen(case, found).status is PassStatus.CHOSEN


def test_an_invoice_that_differs_by_one_won_is_refused(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    given = ministry.confirmed(case, found)
    with pytest.raises(Incomplete):
        ministry.filed(found, given, extra=1)
    assert ministry.filed(found, given).status is InvoiceStatus.FILED
    with pytest.raises(Incomplete):
        ministry.filed(found, given, number=2)  # it stands on an invoice already
    assert in_order(ministry.session) == []


def test_the_same_tax_invoice_is_not_filed_twice_but_again_once_it_was_refused(ministry: Ministry) -> None:
    found, one, two = ministry.agreed(), ministry.granted(), ministry.granted()
    first, second = ministry.confirmed(one, found), ministry.confirmed(two, found)
    filed = ministry.filed(found, first)
    nested = ministry.session.begin_nested()
    with pytest.raises(AlreadyDone):
        ministry.filed(found, second)
    nested.rollback()
    invoices.refuse(ministry.session, filed.id, "발행일이 다릅니다.", by=actor(ministry.reviewer), at=INVOICED)
    assert ministry.filed(found, first).status is InvoiceStatus.FILED
    assert in_order(ministry.session) == []


def test_a_firm_is_paid_once_for_what_merchants_confirmed_without_the_tax(ministry: Ministry) -> None:
    session, found = ministry.session, ministry.agreed()
    one, two = ministry.granted(), ministry.granted()
    drawn = ministry.accepted(found, ministry.confirmed(one, found), ministry.confirmed(two, found))
    assert [(each.merchant_id, each.payable) for each in drawn] == [
        (one.application.merchant_id, 300_000),
        (two.application.merchant_id, 300_000),
    ]
    with pytest.raises(SamePerson):
        claims.approve(session, CODE, "2026-09", by=_both(ministry), at=INVOICED)
    claims.approve(session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    run = payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    assert {(each.account_number, each.account_holder) for each in run.payments} == {
        (found.account_number, "주식회사 플랫폼")
    }
    payments.release(session, ministry.stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    said = answer(run, (0, "done"), (1, "done"), on=INVOICED.date())
    payments.settle(session, ministry.stores, run.id, said, by=actor(ministry.payer), at=INVOICED)
    assert [each.status for each in drawn] == [ClaimStatus.PAID, ClaimStatus.PAID]
    assert paid_by_source(session) == {"national": 600_000}
    assert in_order(session) == []
    with pytest.raises(Incomplete):
        payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)


def test_a_firm_whose_account_changed_is_not_paid_until_it_was_checked_anew(ministry: Ministry) -> None:
    session, found = ministry.session, ministry.agreed()
    ministry.accepted(found, ministry.confirmed(ministry.granted(), found))
    claims.approve(session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    other = Account("011", "888888888888", "주식회사 플랫폼")
    proposals.change_account(session, found.id, other, by=ministry.firm("syrup"), at=INVOICED)
    with pytest.raises(Incomplete) as refused:
        payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    assert [problem.code for problem in refused.value.problems] == ["account_unverified"]
    ministry.agree(found)
    run = payments.prepare(session, CODE, by=actor(ministry.payer), at=INVOICED)
    assert run.payments[0].account_number == "888888888888"
    assert run.payments[0].status is PaymentStatus.PREPARED


def test_nobody_accepts_an_invoice_for_a_business_of_their_own(ministry: Ministry) -> None:
    found, case = ministry.agreed(), ministry.granted()
    filed = ministry.filed(found, ministry.confirmed(case, found))
    owner = actor(case.owner)
    by = Actor(
        ministry.reviewer.id, owner.person_id, "검토자", actor(ministry.reviewer).roles, ministry.organisation.id
    )
    with pytest.raises(NotPermitted):
        invoices.accept(ministry.session, filed.id, by=by, at=INVOICED)


def test_a_programme_of_services_is_not_drawn_up_from_settlements(
    ministry: Ministry, stores: Stores, lines: LineStore
) -> None:
    with pytest.raises(Incomplete) as refused:
        claims.draw_up(ministry.session, stores, lines, CODE, "2026-09", by=actor(ministry.reviewer), at=INVOICED)
    assert [problem.code for problem in refused.value.problems] == ["pays_no_costs"]


def _both(ministry: Ministry) -> Actor:
    """The reviewer's person with the approver's role."""
    reviewer, approver = actor(ministry.reviewer), actor(ministry.approver)
    return Actor(approver.user_id, reviewer.person_id, approver.name, approver.roles, approver.organisation_id)
