"""Paying by several at once, and half-way: once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import (
    AlreadyDone,
    Incomplete,
    InvalidTransition,
    Refusal,
)
from portal.domain.ledger import PostingKind
from portal.domain.payments import PaymentStatus, RunStatus
from portal.models.audit import AuditEvent
from portal.models.claims import Claim
from portal.models.ledger import LedgerEntry
from portal.models.payments import PaymentRun
from portal.services import payments
from portal.storage.objects import Stores
from tests.approved_claims import CODE, Office, all_done
from tests.factories import actor
from tests.payments_made import AMOUNTS, counted, money_is_in_order, paid_by_source, statuses
from tests.stored import names

C, P, R = ClaimStatus, PaymentStatus, RunStatus


def race(make_sessions: Callable[[], Session], take: Callable[[Session], object]) -> tuple[list[object], list[Refusal]]:
    """`take` in four transactions at once: what those answered that were committed, and the refusals."""
    start, opened = Barrier(4), [make_sessions() for _ in range(4)]

    def one(own: Session) -> object:
        start.wait()
        try:
            answered = take(own)
            own.commit()
        except Refusal as refusal:
            own.rollback()
            return refusal
        return answered

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, opened))
    return (
        [each for each in found if not isinstance(each, Refusal)],
        [each for each in found if isinstance(each, Refusal)],
    )


def test_of_several_who_release_a_run_at_once_exactly_one_does(
    session: Session,
    stores: Stores,
    make_sessions: Callable[[], Session],
    prepared: PaymentRun,
    releaser: Actor,
    at: datetime,
) -> None:
    run_id = prepared.id
    session.commit()
    won, refused = race(make_sessions, lambda own: payments.release(own, stores, run_id, by=releaser, at=at).id)
    assert won == [run_id]
    assert [type(refusal) for refusal in refused] == [InvalidTransition] * 3
    released = session.scalars(select(AuditEvent).where(AuditEvent.action == "release")).all()
    assert len(released) == 1
    assert len(names(stores.bank_files)) == 1


def test_of_several_who_prepare_at_once_exactly_one_takes_the_claims(
    session: Session, make_sessions: Callable[[], Session], claims: list[Claim], payer: Actor, at: datetime
) -> None:
    session.commit()
    won, refused = race(make_sessions, lambda own: payments.prepare(own, CODE, by=payer, at=at).id)
    assert (len(won), [type(refusal) for refusal in refused]) == (1, [Incomplete] * 3)
    assert money_is_in_order(session) == []


def test_of_several_who_take_in_the_same_results_one_pays_and_the_others_hear_its_answer(
    session: Session,
    stores: Stores,
    make_sessions: Callable[[], Session],
    released: PaymentRun,
    payer: Actor,
    at: datetime,
) -> None:
    file, run_id = all_done(released), released.id
    session.commit()
    found, refused = race(make_sessions, lambda own: payments.settle(own, stores, run_id, file, by=payer, at=at))
    assert refused == []
    assert sorted(each.again for each in found) == [False, True, True, True]  # ty: ignore[missing-attribute]
    assert sum(paid_by_source(session).values()) == sum(AMOUNTS)
    assert money_is_in_order(session) == []


def test_a_payment_posted_behind_the_service_is_not_posted_a_second_time(
    session: Session, stores: Stores, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    """The control of the races: with the run's lock out of the way, the ledger's own key still refuses."""
    entry = LedgerEntry(
        source_key=f"disburse:payment:{released.payments[0].id}",
        kind=PostingKind.DISBURSE,
        posted_on=at.date(),
        posted_at=at,
        posted_by=payer.user_id,
        application_id=None,
        note="",
    )
    session.add(entry)
    session.commit()
    with pytest.raises(AlreadyDone):
        payments.settle(session, stores, released.id, all_done(released), by=payer, at=at)


@pytest.mark.parametrize("step", ["prepare", "release", "settle"])
def test_a_transaction_that_does_not_reach_its_end_leaves_nothing(
    session: Session, stores: Stores, office: Office, claims: list[Claim], at: datetime, step: str
) -> None:
    payer, releaser = actor(office.payer), actor(office.releaser)
    stages: dict[str, Callable[[], object]] = {
        "prepare": lambda: payments.prepare(session, CODE, by=payer, at=at),
        "release": lambda: payments.release(session, stores, 1, by=releaser, at=at),
        "settle": lambda: payments.settle(
            session, stores, 1, all_done(session.get_one(PaymentRun, 1)), by=payer, at=at
        ),
    }
    for name, stage in stages.items():
        session.commit()
        before = (counted(session), statuses(session), paid_by_source(session))
        stage()
        if name == step:
            session.rollback()
            break
    assert (counted(session), statuses(session), paid_by_source(session)) == before
    assert money_is_in_order(session) == []
