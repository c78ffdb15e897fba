"""The bank's answers: done, refused, unknown, the same again, and those that do not fit the run."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import (
    Conflict,
    Incomplete,
    InvalidTransition,
)
from portal.domain.payments import PaymentStatus, RunStatus
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.queries import payment_runs
from portal.services import payments
from portal.storage.objects import Stores
from tests.approved_claims import CODE, Office, all_done, answer, as_command
from tests.payments_made import AMOUNTS, counted, money_is_in_order, paid_by_source, statuses
from tests.stored import names

C, P, R = ClaimStatus, PaymentStatus, RunStatus


def test_refused_goes_back_to_the_payer_and_unknown_waits_for_evidence(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    file = answer(released, (0, "done"), (1, "refused"), (2, "unknown"))
    assert payments.settle(session, stores, released.id, file, by=payer, at=at) == payments.Settled(1, 1, 1, False)
    assert statuses(session) == ([C.PAID, C.PAYMENT_FAILED, C.IN_PAYMENT], [P.DONE, P.REFUSED, P.UNKNOWN])
    assert released.status is R.RELEASED
    assert released.payments[1].reason == "ACCOUNT_CLOSED"
    assert sum(paid_by_source(session).values()) == AMOUNTS[0]

    still = answer(released, (2, "unknown"))
    payments.settle(session, stores, released.id, still, by=payer, at=at + timedelta(days=1))
    assert statuses(session)[1][2] is P.UNKNOWN
    found = answer(released, (2, "done"), on=at.date())
    payments.settle(session, stores, released.id, found, by=payer, at=at + timedelta(days=2))
    assert statuses(session) == ([C.PAID, C.PAYMENT_FAILED, C.PAID], [P.DONE, P.REFUSED, P.DONE])
    assert released.status is R.SETTLED
    assert money_is_in_order(session) == []


def test_a_refused_claim_is_paid_to_the_corrected_account_by_a_later_run(
    session: Session, stores: Stores, office: Office, released: PaymentRun, payer: Actor, releaser: Actor, at: datetime
) -> None:
    payments.settle(
        session, stores, released.id, answer(released, (0, "done"), (1, "refused"), (2, "done")), by=payer, at=at
    )
    claim = released.payments[1].claim
    assert [(found.claim.id, found.corrected) for found in payment_runs.failed(session, payer)] == [(claim.id, False)]
    claim.merchant.account_number = "99900011122233"
    session.flush()
    assert [found.corrected for found in payment_runs.failed(session, payer)] == [True]
    payments.reopen(session, claim.id, by=payer, at=at)
    second = payments.prepare(session, CODE, by=payer, at=at)
    assert [(payment.claim_id, payment.account_number) for payment in second.payments] == [(claim.id, "99900011122233")]
    payments.release(session, stores, second.id, by=releaser, at=at)
    payments.settle(session, stores, second.id, all_done(second), by=payer, at=at)
    assert statuses(session)[0] == [C.PAID] * 3
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert money_is_in_order(session) == []


def test_the_same_results_again_are_the_first_answer_and_change_nothing(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    file = answer(released, (0, "done"), (1, "refused"), (2, "unknown"))
    first = payments.settle(session, stores, released.id, file, by=payer, at=at)
    before = counted(session)
    again = payments.settle(session, stores, released.id, file, by=payer, at=at + timedelta(days=1))
    assert (again.done, again.refused, again.unknown, again.again) == (first.done, first.refused, first.unknown, True)
    assert counted(session) == before


def test_a_transfer_that_came_back_is_committed_again_and_its_run_stays_settled(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, all_done(released), by=payer, at=at)
    back = answer(released, (1, "returned"))
    done = payments.settle(session, stores, released.id, back, by=payer, at=at + timedelta(days=1))
    assert done == payments.Settled(0, 0, 0, again=False, returned=1)
    assert statuses(session) == ([C.PAID, C.PAYMENT_FAILED, C.PAID], [P.DONE, P.RETURNED, P.DONE])
    assert released.status is R.SETTLED
    assert sum(paid_by_source(session).values()) == AMOUNTS[0] + AMOUNTS[2]
    assert money_is_in_order(session) == []
    again = answer(released, (1, "returned"), (2, "done"))
    with pytest.raises(Incomplete) as refused:
        payments.settle(session, stores, released.id, again, by=payer, at=at + timedelta(days=2))
    assert [problem.code for problem in refused.value.problems] == ["not_paid", "already_settled"]


def test_what_was_never_paid_does_not_come_back(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    with pytest.raises(Incomplete) as refused:
        payments.settle(session, stores, released.id, answer(released, (0, "returned")), by=payer, at=at)
    assert [problem.code for problem in refused.value.problems] == ["not_paid"]


# What is refused ------------------------------------------------------------------------------------------------------


def spoilt(run: PaymentRun) -> list[tuple[str, list[str], int, list[tuple[str, int | None]]]]:
    """(reference of the file, rows, total, problems it must list) for every kind of file that does not fit."""
    first, second, _ = run.payments
    fine = f"{first.reference},done,,BK,2026-06-15,{first.amount}"
    return [
        ("R20990101-FFFFFFFF", [fine], first.amount, [("other_run", None)]),
        (run.reference, [f"{first.reference},done,,BK,2026-06-15,1"], 1, [("amount_differs", 1)]),
        (run.reference, [fine, "R1-00009,refused,NO,,,5"], first.amount + 5, [("unknown_payment", 2)]),
        (
            run.reference,
            [fine, f"{second.reference},done,,BK,2026-06-14,{second.amount}"],
            first.amount + second.amount,
            [("executed_too_early", 2)],
        ),
        (run.reference, [fine.replace("2026-06-15", "2026-06-16")], first.amount, [("date_in_future", 1)]),
        (
            "R20990101-FFFFFFFF",
            [f"{first.reference},done,,BK,2026-06-15,1", "R1-00009,unknown,T,,,2"],
            3,
            [("other_run", None), ("amount_differs", 1), ("unknown_payment", 2)],
        ),
    ]


def test_a_results_file_that_does_not_fit_is_refused_with_all_its_problems_and_changes_nothing(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    before = counted(session)
    for reference, rows, total, expected in spoilt(released):
        with pytest.raises(Incomplete) as refused:
            payments.settle(session, stores, released.id, as_command(reference, rows, total), by=payer, at=at)
        assert [(problem.code, problem.row) for problem in refused.value.problems] == expected
    assert not session.dirty
    assert counted(session) == before
    assert statuses(session) == ([C.IN_PAYMENT] * 3, [P.INSTRUCTED] * 3)
    assert names(stores.bank_results) == []


def test_a_payment_once_settled_is_not_settled_again_by_another_file(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, answer(released, (0, "done"), (1, "refused")), by=payer, at=at)
    for second in (answer(released, (0, "done"), (2, "done")), answer(released, (0, "refused"), (1, "done"))):
        with pytest.raises(Incomplete) as refused:
            payments.settle(session, stores, released.id, second, by=payer, at=at)
        assert {problem.code for problem in refused.value.problems} == {"already_settled"}
    assert sum(paid_by_source(session).values()) == AMOUNTS[0]


def test_results_are_not_taken_in_before_the_bank_was_told(
    session: Session, stores: Stores, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.settle(session, stores, prepared.id, all_done(prepared), by=payer, at=at)


def test_a_released_run_is_neither_released_again_nor_cancelled(
    session: Session, stores: Stores, released: PaymentRun, releaser: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.release(session, stores, released.id, by=releaser, at=at)
    with pytest.raises(InvalidTransition):
        payments.cancel(session, released.id, by=releaser, at=at)


def test_nothing_approved_is_nothing_to_pay(session: Session, prepared: PaymentRun, payer: Actor, at: datetime) -> None:
    with pytest.raises(Incomplete) as refused:
        payments.prepare(session, CODE, by=payer, at=at)
    assert [problem.code for problem in refused.value.problems] == ["nothing_to_pay"]


def test_a_run_that_no_longer_adds_up_is_not_released(
    session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor, at: datetime
) -> None:
    prepared.payments[0].amount += 1
    session.flush()
    with pytest.raises(Conflict):
        payments.release(session, stores, prepared.id, by=releaser, at=at)
    assert names(stores.bank_files) == []


def test_a_claim_that_did_not_fail_is_not_reopened(
    session: Session, prepared: PaymentRun, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidTransition):
        payments.reopen(session, claims[0].id, by=payer, at=at)
