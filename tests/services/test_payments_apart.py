"""Paying is for a payer with no hand in the claims, of this organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import OF_PEOPLE, Actor, Role
from portal.domain.claims import ClaimStatus
from portal.domain.errors import (
    NotFound,
    NotPermitted,
    SamePerson,
)
from portal.domain.payments import PaymentStatus, RunStatus
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.queries import payment_runs
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office, all_done, make_claims
from tests.factories import actor, make_official, make_organisation
from tests.payments_made import AMOUNTS

C, P, R = ClaimStatus, PaymentStatus, RunStatus


def test_whoever_prepared_a_run_does_not_release_it(
    session: Session, stores: Stores, office: Office, prepared: PaymentRun, payer: Actor, at: datetime
) -> None:
    twin = actor(world.same_person(session, office.payer, Role.PAYER))
    for person in (payer, twin):
        with pytest.raises(SamePerson):
            payments.release(session, stores, prepared.id, by=person, at=at)


@pytest.mark.parametrize("hand", ["drew_up", "approved"])
@pytest.mark.parametrize("step", ["prepare", "release"])
def test_whoever_had_a_hand_in_a_claim_pays_none_of_it(
    session: Session, stores: Stores, office: Office, at: datetime, hand: str, step: str
) -> None:
    """The account of a payer, the person who drew up or approved: roles that one person was once given in turn."""
    make_claims(session, stores, office, AMOUNTS[:1])
    earlier = office.reviewer if hand == "drew_up" else office.approver
    both = Actor(
        office.releaser.id, earlier.person_id, "두 역할", frozenset({Role.PAYER}), office.payer.organisation_id
    )
    if step == "prepare":
        with pytest.raises(SamePerson):
            payments.prepare(session, CODE, by=both, at=at)
        return
    run = payments.prepare(session, CODE, by=actor(office.payer), at=at)
    assert "release" not in payment_runs.page(session, run.id, both).actions
    with pytest.raises(SamePerson):
        payments.release(session, stores, run.id, by=both, at=at)


@pytest.mark.parametrize("step", ["prepare", "release"])
def test_nobody_pays_their_own_business(
    session: Session, stores: Stores, office: Office, claims: list[Claim], at: datetime, step: str
) -> None:
    owner = session.get_one(User, claims[0].merchant.owner_id)
    themselves = actor(world.same_person(session, owner, Role.PAYER))
    if step == "prepare":
        with pytest.raises(NotPermitted):
            payments.prepare(session, CODE, by=themselves, at=at)
    run = payments.prepare(session, CODE, by=actor(office.payer), at=at)
    if step == "release":
        assert "release" not in payment_runs.page(session, run.id, themselves).actions
        with pytest.raises(NotPermitted):
            payments.release(session, stores, run.id, by=themselves, at=at)
    assert payments.release(session, stores, run.id, by=actor(office.releaser), at=at).status is R.RELEASED


def test_only_a_payer_pays(session: Session, stores: Stores, prepared: PaymentRun, at: datetime) -> None:
    for role in set(OF_PEOPLE) - {Role.PAYER}:
        other = actor(make_official(session, role))
        with pytest.raises(NotPermitted):
            payments.release(session, stores, prepared.id, by=other, at=at)
        with pytest.raises(NotPermitted):
            payments.cancel(session, prepared.id, by=other, at=at)


def test_the_payer_of_another_organisation_finds_nothing(
    session: Session, stores: Stores, released: PaymentRun, claims: list[Claim], at: datetime
) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = actor(make_official(session, Role.PAYER, organisation=elsewhere))
    calls: list[Callable[[], object]] = [
        lambda: payments.prepare(session, CODE, by=stranger, at=at),
        lambda: payments.release(session, stores, released.id, by=stranger, at=at),
        lambda: payments.cancel(session, released.id, by=stranger, at=at),
        lambda: payments.settle(session, stores, released.id, all_done(released), by=stranger, at=at),
        lambda: payments.reopen(session, claims[0].id, by=stranger, at=at),
        lambda: payment_runs.page(session, released.id, stranger),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert payment_runs.runs(session, stranger).rows == []
    assert payment_runs.waiting(session, stranger) == []
