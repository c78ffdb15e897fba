"""Money that comes back by several hands at once: counted once, never more than was ordered, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition
from portal.domain.recoveries import OpenRecovery, Origin, Receipt, RecoveryStatus
from portal.domain.recovery_rates import Cause
from portal.models.recoveries import Recovery
from portal.queries import recovery_invariants
from portal.services import recoveries, recovery_receipts
from portal.storage.objects import Stores
from tests.approved_claims import CODE
from tests.payments_made import money_is_in_order
from tests.recovered import WHY, Desk, open_desk
from tests.services.test_payment_races import race


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores, 100_000)


def broken(session: Session) -> list[str]:
    session.expire_all()
    checks = (recovery_invariants.receipts_within_orders, recovery_invariants.recoveries_agree)
    return [*money_is_in_order(session), *(found for check in checks for found in check(session))]


def receiving(desk: Desk, amount: int, at: datetime, *, references: list[str]) -> Callable[[Session], object]:
    """Enters an amount under the next of these references."""
    recovery_id, by, stores = desk.ordered(10_000).id, desk.payer, desk.stores
    desk.session.commit()

    def take(own: Session) -> object:
        command = Receipt(amount, references.pop(), at.date())
        return recovery_receipts.receive(own, stores, recovery_id, command, by=by, at=at).id

    return take


def test_of_several_receipts_at_once_only_what_is_owed_is_taken(
    desk: Desk, make_sessions: Callable[[], Session], at: datetime
) -> None:
    take = receiving(desk, 4_000, at, references=["N1", "N2", "N3", "N4"])
    won, refused = race(make_sessions, take)
    assert (len(won), {type(refusal) for refusal in refused}) == (2, {Incomplete})
    assert broken(desk.session) == []


def test_the_same_receipt_by_several_at_once_counts_once(
    desk: Desk, make_sessions: Callable[[], Session], at: datetime
) -> None:
    take = receiving(desk, 10_000, at, references=["N1"] * 4)
    won, refused = race(make_sessions, take)
    assert (len(won), {type(refusal) for refusal in refused} <= {AlreadyDone, InvalidTransition}) == (1, True)
    assert broken(desk.session) == []
    assert desk.session.query(Recovery).one().status is RecoveryStatus.SETTLED


def test_a_month_gets_one_case_however_many_open_one_at_once(
    desk: Desk, make_sessions: Callable[[], Session], at: datetime
) -> None:
    by: Actor = desk.reviewer
    merchant, period = desk.claims[0].merchant_id, desk.claims[0].period
    desk.session.commit()
    command = OpenRecovery(CODE, merchant, period, 100_000, Cause.CORRECTED, Origin.CORRECTED, WHY)
    won, refused = race(make_sessions, lambda own: recoveries.open_case(own, command, by=by, at=at).id)
    assert (len(won), [type(refusal) for refusal in refused]) == (1, [AlreadyDone] * 3)
