"""Before money leaves: what the releaser is shown against the last run, and holding a single payment back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.domain.payments import PaymentStatus
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.queries import money_invariants, payment_runs
from portal.queries.run_review import Review
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office, all_done, make_claims
from tests.factories import actor
from tests.payments_made import AMOUNTS, money_is_in_order, statuses

C, P = ClaimStatus, PaymentStatus


def more_for(session: Session, office: Office, claim: Claim, won: int, revision: int, at: datetime) -> None:
    again = world.make_claim(
        session, claim.run, claim.merchant_id, claim.application_id, won, by=actor(office.reviewer), at=at,
        revision=revision,
    )  # fmt: skip
    world.approve(session, again, office, at=at)


def reviewed(session: Session, run: PaymentRun, by: Actor) -> Review:
    return payment_runs.page(session, run.id, by).review


def test_a_first_run_is_compared_with_nothing_and_shown_by_bank_with_its_largest(
    session: Session, prepared: PaymentRun, payer: Actor
) -> None:
    prepared.payments[0].bank_code = "088"
    session.flush()
    review = reviewed(session, prepared, payer)
    assert (review.last, review.differences, review.gone) == (None, [], 0)
    other = prepared.payments[1].bank_code
    assert review.by_bank == {other: (2, sum(AMOUNTS[1:])), "088": (1, AMOUNTS[0])}
    assert [payment.amount for payment in review.largest] == sorted(AMOUNTS, reverse=True)


def test_new_payees_changed_accounts_and_amounts_over_three_times_are_named(
    session: Session, stores: Stores, office: Office, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, all_done(released), by=payer, at=at)
    first, second, third = (payment.claim for payment in released.payments)
    more_for(session, office, first, 3 * AMOUNTS[0], 2, at)  # three times is not over three times
    more_for(session, office, second, 3 * AMOUNTS[1] + 1, 2, at)
    first.merchant.account_number = "99900011122233"
    (new,) = make_claims(session, stores, office, [5_000])
    run = payments.prepare(session, CODE, by=payer, at=at)
    review = reviewed(session, run, payer)
    found = {each.payment.claim.merchant_id: each.signs for each in review.differences}
    assert found == {first.merchant_id: ("changed",), second.merchant_id: ("grown",), new.merchant_id: ("new",)}
    assert (review.gone, review.last) == (1, released)
    assert third.merchant_id not in found


def test_an_account_that_the_bank_refused_is_named_until_it_is_another_one(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    told = world.answer(released, (0, "refused"), (1, "refused"), (2, "done"))
    payments.settle(session, stores, released.id, told, by=payer, at=at)
    same, other = (payment.claim for payment in released.payments[:2])
    other.merchant.account_number = "99900011122233"
    for claim in (same, other):
        payments.reopen(session, claim.id, by=payer, at=at)
    run = payments.prepare(session, CODE, by=payer, at=at)
    found = {each.payment.claim_id: each.signs for each in reviewed(session, run, payer).differences}
    assert found == {same.id: ("bounced",), other.id: ("changed",)}


def test_a_held_payment_leaves_the_run_and_is_named_in_the_next(
    session: Session, stores: Stores, prepared: PaymentRun, payer: Actor, releaser: Actor, at: datetime
) -> None:
    held = prepared.payments[1]
    payments.hold_back(session, prepared.id, held.id, reason="계좌를 확인 중입니다.", by=releaser, at=at)
    assert (prepared.payment_count, prepared.total) == (2, AMOUNTS[0] + AMOUNTS[2])
    assert statuses(session) == (
        [C.IN_PAYMENT, C.APPROVED, C.IN_PAYMENT],
        [P.PREPARED, P.HELD, P.PREPARED],
    )
    page = payment_runs.page(session, prepared.id, payer)
    assert sum(page.by_source.values()) == page.run.total
    assert page.flagged == 2  # what was held is not looked at twice
    assert sum(won for _, won in page.review.by_bank.values()) == page.run.total
    released = payments.release(session, stores, prepared.id, by=releaser, at=at)
    file = stores.bank_files.read(released.bank_file_sha256 or "").decode()
    assert held.reference not in file
    assert file.splitlines()[0].endswith(f",2,{prepared.total}")
    answers = world.answer(released, (0, "done"), (2, "done"))
    payments.settle(session, stores, released.id, answers, by=payer, at=at)
    assert money_is_in_order(session) == []
    assert list(money_invariants.parts_add_up(session)) == []
    again = payments.prepare(session, CODE, by=payer, at=at)
    (named,) = reviewed(session, again, payer).differences
    assert (named.signs, named.held) == (("new", "held"), "계좌를 확인 중입니다.")


def test_a_held_payment_is_neither_instructed_nor_cancelled(
    session: Session, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.hold_back(session, prepared.id, prepared.payments[0].id, reason="확인", by=payer, at=at)
    payments.cancel(session, prepared.id, by=payer, at=at)
    assert statuses(session) == ([C.APPROVED] * 3, [P.HELD, P.CANCELLED, P.CANCELLED])
    assert money_is_in_order(session) == []


def test_who_may_not_hold_and_what_may_not_be_held(
    session: Session, stores: Stores, office: Office, prepared: PaymentRun, payer: Actor, releaser: Actor, at: datetime
) -> None:
    payment = prepared.payments[0]

    def hold(by: Actor, payment_id: int = payment.id) -> None:
        payments.hold_back(session, prepared.id, payment_id, reason="확인", by=by, at=at)

    drafter = replace(releaser, person_id=office.reviewer.person_id)
    with pytest.raises(SamePerson):
        hold(drafter)
    with pytest.raises(NotPermitted):
        hold(actor(world.same_person(session, session.get_one(User, payment.claim.merchant.owner_id), Role.PAYER)))
    with pytest.raises(NotFound):
        hold(payer, 4711)
    payments.release(session, stores, prepared.id, by=releaser, at=at)
    with pytest.raises(InvalidTransition):
        hold(payer)


def test_the_last_payment_of_a_run_is_not_held(
    session: Session, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    for payment in prepared.payments[:2]:
        payments.hold_back(session, prepared.id, payment.id, reason="확인", by=payer, at=at)
    with pytest.raises(Incomplete) as refused:
        payments.hold_back(session, prepared.id, prepared.payments[2].id, reason="확인", by=payer, at=at)
    assert [problem.code for problem in refused.value.problems] == ["last_payment"]


def test_a_run_whose_total_did_not_follow_is_noticed(
    session: Session, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.hold_back(session, prepared.id, prepared.payments[0].id, reason="확인", by=payer, at=at)
    prepared.total += 1
    session.flush()
    assert list(money_invariants.parts_add_up(session)) == [f"payment run {prepared.id} does not add up"]
