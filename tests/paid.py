"""Makes a county in which something was paid, refused and rejected, for tests of what is reported about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.models.claims import Claim, ClaimPart
from portal.queries.programmes import Published
from portal.services import decisions, payments
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.factories import AT, actor

PAID = 100_010  # won that reached merchants
GRANTED = 1_500_000
BUDGET = 120_000_000
PAID_ON = date(2026, 6, 17)


@dataclass(frozen=True, slots=True)
class County:
    """`claims`: 70,000 won paid over two platforms, 30,010 won paid, 5,550 won refused by the bank."""

    programme: Published
    claims: list[Claim]
    office: approved_claims.Office


def make_county(session: Session, stores: Stores) -> County:
    """Three grants of which two were paid, one rejected application and one that waits."""
    office = approved_claims.open_office(session)
    claims = approved_claims.make_claims(session, stores, office, [70_000, 30_010, 5_550], approved=False)
    first, second, third = claims
    first.parts = [_part("baemin", "delivery", 3, 40_000), _part("baemin", "promotion", 1, 10_000)]
    first.parts.append(_part("yogiyo", "delivery", 2, 20_000))
    second.merchant.region_code, second.merchant.industry_code = "1273031000", "56162"
    third.merchant.industry_edition = 10
    for claim in claims:
        approved_claims.approve(session, claim, office)
    rejected = cases.apply(session, stores, office.programme)
    cases.recommend(session, rejected.application, actor(office.reviewer), outcome="reject")
    reasons = "배달 서비스를 이용한 사실이 없습니다."
    decisions.reject(session, stores, rejected.id, reasons=reasons, by=actor(office.approver), at=AT)
    cases.apply(session, stores, office.programme)
    run = payments.prepare(session, approved_claims.CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    answer = approved_claims.answer(run, (0, "done"), (1, "done"), (2, "refused"), on=PAID_ON)
    payments.settle(session, stores, run.id, answer, by=actor(office.payer), at=AT + timedelta(days=3))
    return County(office.programme, claims, office)


def _part(platform: str, item: str, lines: int, won: int) -> ClaimPart:
    return ClaimPart(platform=platform, item=item, lines=lines, amount_e4=won * 10_000, amount=won)
