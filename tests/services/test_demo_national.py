"""The demo's national scheme: who comes under which version, what is paid first and what a later month adds."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.national import National
from portal.domain.claims import ClaimStatus
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.letters import Letter
from portal.models.links import PlatformLink
from portal.services import reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


def test_a_first_amount_is_paid_and_topped_up_to_the_cap_and_no_further(
    session: Session, stores: Stores, lines: LineStore
) -> None:
    National(session, stores, lines).tell()
    session.commit()
    cases = session.scalars(select(Application).order_by(Application.id)).all()
    under = {each.merchant.trade_name[-3:-2]: (each.version.number, each.track) for each in cases}
    assert under == {"1": (1, "fast"), "3": (1, "verified"), "2": (2, "fast")}
    rows = session.scalars(select(Claim).order_by(Claim.period, Claim.merchant_id)).all()
    assert {each.status for each in rows} == {ClaimStatus.PAID}
    assert [(each.period, each.merchant.trade_name[-3:-2], each.payable) for each in rows] == [
        ("2025-04", "1", 210_000),
        ("2025-04", "3", 60_000),  # twelve own deliveries at 5,000 won, whatever was read off
        ("2025-04", "2", 150_000),
        ("2025-05", "1", 90_000),  # sixty deliveries would be 180,000: up to 300,000 exactly
        ("2025-05", "2", 90_000),
    ]
    assert {link.platform for link in session.scalars(select(PlatformLink))} == {"baemin", "own-delivery"}
    assert session.scalars(select(Letter)).all()
    broken = [result for result in reconcile.check_all(session, reconcile.Files(stores, lines)) if not result.holds]
    assert broken == []
