"""Money of services in kind: what was chosen keeps its money, and what a firm is paid is told as the firm's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.errors import Incomplete
from portal.domain.grant_changes import ChangeGrant
from portal.domain.service_passes import PassStatus
from portal.queries import in_kind_invariants, money_invariants
from portal.services import grant_changes
from portal.storage.objects import Stores
from tests.cases import Applied
from tests.factories import actor
from tests.in_kind import OPEN, Ministry
from tests.payments_made import money_is_in_order

WHY = "사업 규모가 줄어 지원 금액을 낮추어 달라고 하였습니다."


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def in_order(session: Session) -> list[str]:
    checks = (in_kind_invariants.passes_within_grants, money_invariants.commitments_not_overdrawn)
    return money_is_in_order(session) + [broken for check in checks for broken in check(session)]


def lowered(ministry: Ministry, case: Applied, won: int, *, at: datetime = OPEN) -> None:
    grant_changes.propose(ministry.session, case.id, ChangeGrant(won, WHY), by=actor(ministry.reviewer), at=at)


def test_a_grant_is_not_lowered_below_what_was_chosen_before_or_meanwhile(ministry: Ministry) -> None:
    session, found, case, other = ministry.session, ministry.agreed(), ministry.granted(), ministry.granted()
    ministry.chosen(case, found)
    with pytest.raises(Incomplete, match="grant_below_passes"):
        lowered(ministry, case, 299_999)
    lowered(ministry, case, 300_000)
    lowered(ministry, other, 299_999)
    ministry.chosen(other, found)
    grant_changes.approve(session, ministry.stores, case.id, by=actor(ministry.approver), at=OPEN)
    with pytest.raises(Incomplete, match="grant_below_passes"):
        grant_changes.approve(session, ministry.stores, other.id, by=actor(ministry.approver), at=OPEN)
    assert in_order(session) == []


def test_a_service_that_was_not_given_in_time_holds_no_grant_up(ministry: Ministry) -> None:
    found, case, late = ministry.agreed(), ministry.granted(), OPEN + timedelta(days=61)
    chosen = ministry.chosen(case, found)
    lowered(ministry, case, 100_000, at=late)
    grant_changes.approve(ministry.session, ministry.stores, case.id, by=actor(ministry.approver), at=late)
    assert chosen.status is PassStatus.EXPIRED
    assert in_order(ministry.session) == []
