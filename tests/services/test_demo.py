"""The demo county: made by the services, whole, the same every time, and true in every invariant."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.demo.story import MONTHS, Story
from portal.domain.applications import ApplicationStatus
from portal.domain.claims import ClaimStatus
from portal.domain.links import LinkStatus
from portal.domain.payments import PaymentStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.links import PlatformLink
from portal.models.payments import Payment
from portal.models.settlements import Delivery
from portal.services import reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


def test_it_shows_every_status_and_keeps_every_invariant(session: Session, stores: Stores, lines: LineStore) -> None:
    Story(session, stores, lines, say=lambda _: None, size=24, months=MONTHS[-3:]).load()
    session.commit()

    found = Counter(session.scalars(select(Application.status)))
    assert set(found) == set(ApplicationStatus)
    assert {ClaimStatus.DRAWN_UP, ClaimStatus.IN_PAYMENT, ClaimStatus.PAID, ClaimStatus.PAYMENT_FAILED} <= set(
        session.scalars(select(Claim.status))
    )
    assert {PaymentStatus.DONE, PaymentStatus.REFUSED, PaymentStatus.UNKNOWN, PaymentStatus.INSTRUCTED} <= set(
        session.scalars(select(Payment.status))
    )
    assert {LinkStatus.CONFIRMED, LinkStatus.PROPOSED} <= set(session.scalars(select(PlatformLink.status)))
    assert session.scalar(select(func.count()).where(Delivery.refused > 0))
    assert session.scalar(select(func.count()).where(User.organisation_id.is_not(None))) == 23

    broken = [result for result in reconcile.check_all(session, reconcile.Files(stores, lines)) if not result.holds]
    assert broken == []
