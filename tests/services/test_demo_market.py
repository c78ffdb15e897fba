"""The demo city's market: made by the services, decided and paid member by member, and true in every invariant."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo import plans
from portal.demo.market import REVIEWER, Market
from portal.domain.applications import ApplicationStatus
from portal.domain.claims import ClaimStatus
from portal.domain.rosters import MemberStatus
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.rosters import RosterMember
from portal.queries import accounts
from portal.queries import plans as known
from portal.services import reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


def test_members_are_paid_and_count_in_the_plan(session: Session, stores: Stores, lines: LineStore) -> None:
    plans.tell(session, stores)
    Market(session, stores, lines).tell()
    session.commit()
    assert Counter(session.scalars(select(RosterMember.status))) == {
        MemberStatus.HANDED_IN: 7,
        MemberStatus.SIGNED: 1,
        MemberStatus.WAITING: 2,
        MemberStatus.DECLINED: 1,
    }
    found = Counter(session.scalars(select(Application.status)))
    assert found == {ApplicationStatus.APPROVED: 6, ApplicationStatus.REJECTED: 1, ApplicationStatus.SUBMITTED: 2}
    # 입점 준비비 100,000 + 20 x (2,000 - 1,000) x 0.5
    assert session.execute(select(Claim.status, Claim.payable)).all() == [(ClaimStatus.PAID, 110_000)] * 5
    by = accounts.actor(session, "manager1@busan.example")
    plan = known.standing(session, known.one(session, plans.CODE, by))
    mall = plan.figures["dongbaek-mall"]
    assert mall.money[2024, "city"].spent == 550_000
    assert mall.totals["businesses"].actual == 5
    assert plan.figures["sme-shift"].totals["businesses"].actual == 1
    assert accounts.actor(session, REVIEWER).organisation_id == by.organisation_id
    broken = [result for result in reconcile.check_all(session, reconcile.Files(stores, lines)) if not result.holds]
    assert broken == []
