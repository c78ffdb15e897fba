"""Money of services in kind: what was chosen keeps its money, and what a firm is paid is told as the firm's."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import BudgetExhausted, Conflict, Incomplete
from portal.domain.fiscal_years import Closing, Unpaid
from portal.domain.grant_changes import ChangeGrant
from portal.domain.masking import mask_name
from portal.domain.service_passes import PassStatus
from portal.domain.vouchers import DraftVoucher, VoucherFile, VoucherKind
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import LedgerEntry
from portal.models.payments import PaymentRun
from portal.queries import account_changes as changes
from portal.queries import (
    final_reports,
    in_kind_invariants,
    ledger,
    money_invariants,
    payment_runs,
    platform_months,
    signal_facts,
)
from portal.services import account_changes, claims, fiscal_years, grant_changes, payments, vouchers
from portal.storage.objects import Stores
from tests.approved_claims import answer
from tests.cases import Applied
from tests.factories import actor, make_programme
from tests.in_kind import CODE, INVOICED, OPEN, Ministry
from tests.payments_made import money_is_in_order

WHY = "사업 규모가 줄어 지원 금액을 낮추어 달라고 하였습니다."


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def in_order(session: Session) -> list[str]:
    checks = (in_kind_invariants.passes_within_grants, money_invariants.commitments_not_overdrawn)
    return money_is_in_order(session) + [broken for check in checks for broken in check(session)]


def lowered(ministry: Ministry, case: Applied, won: int, *, at: datetime = OPEN) -> None:
    grant_changes.propose(ministry.session, case.id, ChangeGrant(won, WHY), by=actor(ministry.reviewer), at=at)


def test_a_grant_is_not_lowered_below_what_was_chosen_before_or_meanwhile(ministry: Ministry) -> None:
    session, found, case, other = ministry.session, ministry.agreed(), ministry.granted(), ministry.granted()
    ministry.chosen(case, found)
    with pytest.raises(Incomplete, match="grant_below_passes"):
        lowered(ministry, case, 299_999)
    lowered(ministry, case, 300_000)
    lowered(ministry, other, 299_999)
    ministry.chosen(other, found)
    grant_changes.approve(session, ministry.stores, case.id, by=actor(ministry.approver), at=OPEN)
    with pytest.raises(Incomplete, match="grant_below_passes"):
        grant_changes.approve(session, ministry.stores, other.id, by=actor(ministry.approver), at=OPEN)
    assert in_order(session) == []


def test_a_service_that_was_not_given_in_time_holds_no_grant_up(ministry: Ministry) -> None:
    found, case, late = ministry.agreed(), ministry.granted(), OPEN + timedelta(days=61)
    chosen = ministry.chosen(case, found)
    lowered(ministry, case, 100_000, at=late)
    grant_changes.approve(ministry.session, ministry.stores, case.id, by=actor(ministry.approver), at=late)
    assert chosen.status is PassStatus.EXPIRED
    assert in_order(ministry.session) == []


NEXT_YEAR = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)


def given_up(ministry: Ministry) -> FiscalYear:
    """The year's close, proposed so that grants not paid are released."""
    year = ministry.session.scalars(select(FiscalYear).where(FiscalYear.year == 2026)).one()
    how = Closing(Unpaid.RELEASE, lapse=False)
    return fiscal_years.propose_closing(ministry.session, year.id, how, by=actor(ministry.payer), at=NEXT_YEAR)


def test_nothing_that_pays_for_services_is_given_up_by_a_correction_or_with_the_year(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    ministry.confirmed(case, found)
    commit = session.scalars(select(LedgerEntry).where(LedgerEntry.application_id == case.id)).one()
    (line,) = (posting.budget_line_id for posting in commit.postings)

    def release(won: int) -> None:
        file = VoucherFile("감액 요청.pdf", "application/pdf", b"%PDF-1.4 %%EOF")
        command = DraftVoucher(VoucherKind.RELEASE, line, won, "교부 결정 감액", file, corrects=commit.id)
        vouchers.draft(session, ministry.stores.evidence, command, by=actor(ministry.payer), at=OPEN)

    with pytest.raises(Incomplete, match="amount_over_left"):
        release(200_001)
    release(200_000)
    with pytest.raises(Incomplete, match="claims_unpaid"):
        given_up(ministry)


def test_nothing_is_chosen_from_a_grant_that_was_given_up_with_its_year(ministry: Ministry) -> None:
    found = ministry.scored()
    ministry.resolve()
    ministry.agree(found, ends_on=NEXT_YEAR.date())
    case = ministry.granted()
    ministry.chosen(case, found)  # never given, its last day is over by then
    year = given_up(ministry)
    upto, by = ledger.last_entry(ministry.session), actor(ministry.releaser)
    fiscal_years.close(ministry.session, year.id, seen_upto=upto, by=by, at=NEXT_YEAR)
    with pytest.raises(BudgetExhausted, match="grant_used_up"):
        ministry.chosen(case, found, at=NEXT_YEAR)


def test_what_a_firm_invoiced_is_not_held_against_the_lines_its_platform_sent(ministry: Ministry) -> None:
    found = ministry.agreed()
    (claim,) = ministry.accepted(found, ministry.confirmed(ministry.granted(), found))
    assert platform_months.claimed(ministry.session, ministry.organisation.id, claim.period) == {}


def prepared(ministry: Ministry) -> PaymentRun:
    """A run of all that was invoiced."""
    claims.approve(ministry.session, CODE, "2026-09", by=actor(ministry.approver), at=INVOICED)
    return payments.prepare(ministry.session, CODE, by=actor(ministry.payer), at=INVOICED)


def paid(ministry: Ministry) -> PaymentRun:
    run = prepared(ministry)
    payments.release(ministry.session, ministry.stores, run.id, by=actor(ministry.releaser), at=INVOICED)
    said = answer(run, *((place, "done") for place in range(len(run.payments))), on=INVOICED.date())
    payments.settle(ministry.session, ministry.stores, run.id, said, by=actor(ministry.payer), at=INVOICED)
    return run


def test_a_firm_is_known_by_its_own_account_whosever_grant_pays_it(ministry: Ministry) -> None:
    first, second = ministry.scored("syrup"), ministry.scored("baemin", won=100_000)
    ministry.resolve()
    ministry.agree(first)
    ministry.agree(second)
    case, other = ministry.granted(), ministry.granted()
    ministry.accepted(first, ministry.confirmed(case, first), number=1)
    paid(ministry)
    ministry.accepted(first, ministry.confirmed(other, first), number=2)
    ministry.accepted(second, ministry.confirmed(case, second), number=3)
    page = payment_runs.page(ministry.session, prepared(ministry).id, actor(ministry.payer))
    assert {row.payment.account_number: row.flag for row in page.rows} == {
        first.account_number: "",
        second.account_number: "first",
    }
    signs = {each.payment.account_number: each.signs for each in page.review.differences}
    assert signs == {second.account_number: ("new",)}
    assert page.review.gone == 0


def test_the_years_account_names_the_firm_that_was_paid(ministry: Ministry) -> None:
    found = ministry.agreed()
    ministry.accepted(found, ministry.confirmed(ministry.granted(), found))
    run = paid(ministry)
    (spent,) = final_reports.spent(ministry.session, run.programme_id, 2026, NEXT_YEAR.date())
    assert (spent.payee, spent.won) == (mask_name(found.firm), 300_000)


def test_what_a_firm_is_paid_is_no_matter_of_the_merchants_account(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    (claim,) = ministry.accepted(found, ministry.confirmed(case, found))
    before = claim.merchant.bank_code, "100000000000"
    account_changes.record(session, claim.merchant, before, by=actor(case.owner), at=INVOICED)
    run = prepared(ministry)
    (facts,) = signal_facts.businesses(session, ministry.organisation.id, [claim.merchant_id], since=OPEN)
    assert (len(facts.account_changes), facts.payments) == (1, ())
    payments.cancel(session, run.id, by=actor(ministry.payer), at=INVOICED)
    assert changes.in_the_way(session, actor(ministry.payer), on=INVOICED.date()) == []


@pytest.mark.parametrize(
    ("there", "instead", "refused"),
    [
        ("answer_days = 14", "answer_days = 20", ""),
        ('code = "leaflet"', 'code = "banner"', ""),
        ('code = "mobile_promotion"', 'code = "banner"', "service_kind_in_use"),
    ],
)
def test_a_new_version_keeps_the_services_that_firms_have_offered(
    ministry: Ministry, there: str, instead: str, refused: str
) -> None:
    ministry.submitted()
    assert there in ministry.text
    published = nullcontext() if not refused else pytest.raises(Conflict, match=refused)
    with published:
        _published(ministry, ministry.text.replace(there, instead))


def test_a_new_version_without_services_is_refused_once_a_firm_has_proposed(ministry: Ministry) -> None:
    begin, end = ministry.text.index("[services]"), ministry.text.index("[[eligibility]]")
    without = ministry.text[:begin] + ITEM + ministry.text[end:]
    without = re.sub(r'  "services\.[a-z_]+",\n', "", without)
    ministry.submitted()
    with pytest.raises(Conflict, match="services_in_use"):
        _published(ministry, without)


ITEM = """[[item]]
code = "delivery"
basis = "merchant_delivery_cost"
channels = ["delivery"]
amount = { kind = "cost_share", rate = "0.50", legal = "공고 제5조" }
caps = [{ per = "order", amount = 2_000, legal = "공고 제5조" }]

"""


def _published(ministry: Ministry, text: str) -> None:
    make_programme(ministry.session, organisation=ministry.organisation, text=text, at=OPEN)
