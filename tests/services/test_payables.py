"""Claims that cannot be paid now: left out of the run with the reason, instead of breaking it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Conflict, Incomplete
from portal.domain.fiscal_years import Closing, Unpaid, YearStatus
from portal.domain.ledger import PostingKind
from portal.models.claims import Claim
from portal.models.fiscal_years import FiscalYear
from portal.models.payments import PaymentRun
from portal.queries import ledger as postings
from portal.queries import payables
from portal.services import fiscal_years, ledger, payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office
from tests.factories import AT, actor
from tests.payments_made import AMOUNTS, money_is_in_order

NEXT = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)


def give_up(session: Session, claim: Claim, *, all_but: int, by: Actor, at: datetime) -> None:
    """Of the claim's grant so many won stay committed."""
    left = dict(postings.commitment_left(session, [claim.application_id])[claim.application_id])
    keep = all_but
    for line_id in sorted(left):
        kept = min(keep, left[line_id])
        left[line_id], keep = left[line_id] - kept, keep - kept
    ledger.post(
        session, PostingKind.RELEASE, left, source_key=f"test:{claim.id}", by=by, at=at,
        application_id=claim.application_id,
    )  # fmt: skip


def test_a_claim_beyond_its_commitment_is_left_out_and_said_with_its_reason(
    session: Session, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    give_up(session, claims[0], all_but=AMOUNTS[0] - 1, by=payer, at=at)
    run = payments.prepare(session, CODE, by=payer, at=at)
    assert [payment.claim_id for payment in run.payments] == [claims[1].id, claims[2].id]
    assert (run.payment_count, run.total) == (2, AMOUNTS[1] + AMOUNTS[2])
    assert claims[0].status is ClaimStatus.APPROVED
    (kept,) = payables.kept_back(session, payer, on=at.date())
    assert kept.claim.id == claims[0].id
    assert kept.obstacle is not None
    assert (kept.obstacle.code, kept.obstacle.value.split(": ")[1]) == ("commitment_short", f"{AMOUNTS[0] - 1:,}")


def test_a_commitment_that_just_covers_its_claim_pays_it(
    session: Session, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    give_up(session, claims[0], all_but=AMOUNTS[0], by=payer, at=at)
    run = payments.prepare(session, CODE, by=payer, at=at)
    assert [payment.amount for payment in run.payments] == list(AMOUNTS)
    assert payables.kept_back(session, payer, on=at.date()) == []


def test_a_run_of_which_nothing_can_be_paid_is_refused_with_every_reason(
    session: Session, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    for claim in claims:
        give_up(session, claim, all_but=0, by=payer, at=at)
    with pytest.raises(Incomplete) as refused:
        payments.prepare(session, CODE, by=payer, at=at)
    assert [problem.code for problem in refused.value.problems] == ["commitment_short"] * 3


def test_a_payment_sent_back_into_a_closed_year_is_not_paid_from_it(
    session: Session, stores: Stores, released: PaymentRun, office: Office, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, world.all_done(released), by=payer, at=at)
    year = session.scalars(select(FiscalYear)).one()
    fiscal_years.propose_closing(session, year.id, Closing(Unpaid.RELEASE, lapse=False), by=payer, at=NEXT)
    upto = postings.last_entry(session)
    fiscal_years.close(session, year.id, seen_upto=upto, by=actor(office.releaser), at=NEXT)
    back = world.answer(released, (0, "returned"))
    payments.settle(session, stores, released.id, back, by=payer, at=NEXT)
    claim = released.payments[0].claim
    payments.reopen(session, claim.id, by=payer, at=NEXT)
    with pytest.raises(Incomplete) as refused:
        payments.prepare(session, CODE, by=payer, at=NEXT)
    (problem,) = refused.value.problems
    assert (problem.code, problem.value) == ("grant_year_closed", f"{claim.merchant.trade_name} {claim.period}: 2026")
    assert [each.obstacle for each in payables.kept_back(session, payer, on=NEXT.date())] == [problem]
    assert money_is_in_order(session) == []


def test_what_comes_back_after_the_rest_was_carried_over_goes_to_the_line_that_paid_it(
    session: Session, stores: Stores, released: PaymentRun, office: Office, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, world.all_done(released), by=payer, at=at)
    year = session.scalars(select(FiscalYear)).one()
    closing = Closing(Unpaid.CARRY_INEVITABLE, lapse=False)
    fiscal_years.propose_closing(session, year.id, closing, by=payer, at=NEXT)
    upto = postings.last_entry(session)
    fiscal_years.close(session, year.id, seen_upto=upto, by=actor(office.releaser), at=NEXT)
    payments.settle(session, stores, released.id, world.answer(released, (0, "returned")), by=payer, at=NEXT)
    paid = {2026: sum(AMOUNTS) - AMOUNTS[0], 2027: 0}
    for number, won in paid.items():
        assert sum(b.paid for b in postings.balances(session) if b.fiscal_year == number) == won
    assert all(balance.paid >= 0 for balance in postings.balances(session))
    assert money_is_in_order(session) == []


def test_a_run_whose_year_was_closed_after_it_was_prepared_is_not_released(
    session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor
) -> None:
    assert payables.closed_for(session, prepared.payments, on=AT.date()) == []
    year = session.scalars(select(FiscalYear)).one()
    year.status, year.closed_upto, year.closed_at = YearStatus.CLOSED, postings.last_entry(session), NEXT
    session.flush()
    with pytest.raises(Conflict) as refused:
        payments.release(session, stores, prepared.id, by=releaser, at=NEXT)
    assert [problem.code for problem in refused.value.problems] == ["grant_year_closed"] * 3


def test_a_year_is_not_closed_while_the_bank_is_doing_a_payment_that_it_accepted(
    session: Session, released: PaymentRun, payer: Actor
) -> None:
    year = session.scalars(select(FiscalYear)).one()
    for payment in released.payments:
        payment.status = type(payment.status).ACCEPTED
    session.flush()
    with pytest.raises(Incomplete, match="payments_on_the_way"):
        fiscal_years.propose_closing(session, year.id, Closing(Unpaid.CARRY_EXPLICIT, lapse=False), by=payer, at=NEXT)
