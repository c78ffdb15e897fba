"""What the tests of payments start from: approved claims, a run prepared from them, a run the bank was given."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office, make_claims
from tests.factories import actor
from tests.payments_made import AMOUNTS


@pytest.fixture
def office(session: Session) -> Office:
    return world.open_office(session)


@pytest.fixture
def payer(office: Office) -> Actor:
    return actor(office.payer)


@pytest.fixture
def releaser(office: Office) -> Actor:
    return actor(office.releaser)


@pytest.fixture
def claims(session: Session, stores: Stores, office: Office) -> list[Claim]:
    return make_claims(session, stores, office, AMOUNTS)


@pytest.fixture
def prepared(session: Session, claims: list[Claim], payer: Actor, at: datetime) -> PaymentRun:
    return payments.prepare(session, CODE, by=payer, at=at)


@pytest.fixture
def released(session: Session, stores: Stores, prepared: PaymentRun, releaser: Actor, at: datetime) -> PaymentRun:
    run = payments.release(session, stores, prepared.id, by=releaser, at=at)
    session.commit()
    return run
