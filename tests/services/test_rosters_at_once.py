"""Two associations hand in at the same moment: what both name is one's, and neither waits for the other for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.models.applications import Application
from portal.models.merchants import Merchant
from portal.services import roster_hand_ins, rosters
from portal.storage.objects import Stores
from tests.cases import business_number
from tests.factories import AT, actor, make_merchant_user, make_programme
from tests.meeting import meeting
from tests.rosters import CODE, TEXT, Market, entry, open_market, open_roster
from tests.services.test_matches_at_once import at_once

SECOND = "busan-second-market"


@pytest.fixture
def market(session: Session, stores: Stores) -> Market:
    return open_market(session, stores)


@pytest.mark.parametrize("code", [CODE, SECOND], ids=["one programme", "two programmes"])
@pytest.mark.parametrize("first", [True, False], ids=["of the other's order", "of the same order"])
def test_lists_with_the_same_members_are_handed_in_one_after_the_other(
    market: Market, engine: Engine, make_sessions: Callable[[], Session], code: str, first: bool
) -> None:
    session, store = market.session, market.stores.evidence
    if code == SECOND:
        make_programme(session, organisation=market.office, text=TEXT.replace(CODE, SECOND))
    other = make_merchant_user(session, name="최회장")
    theirs = open_roster(session, other, code=code, association="부평시장 상인회")
    serials = (1, 2) if first else (2, 1)
    mine = [market.add(serial) for serial in (2, 1)]
    same = [rosters.add(session, theirs.id, entry(serial), by=actor(other), at=AT) for serial in serials]
    market.sign(*mine)
    if code == SECOND:
        market.sign(*same, roster=theirs, by=actor(other))
    lone = rosters.add(session, theirs.id, entry(3), by=actor(other), at=AT)
    market.sign(lone, roster=theirs, by=actor(other))
    heads = ((market.roster.id, market.by), (theirs.id, actor(other)))
    session.commit()
    units = [
        lambda own, roster_id=roster_id, by=by: roster_hand_ins.hand_in(own, store, roster_id, by=by, at=AT)
        for roster_id, by in heads
    ]
    with meeting(engine, after="INSERT INTO merchant "):
        answers = at_once(make_sessions, *units)
    handed_in = [each for each in answers if isinstance(each, roster_hand_ins.HandedIn)]
    assert sum(each.done for each in handed_in) == 3
    assert {name for each in handed_in for name, _why in each.refused} <= {entry(1).trade_name, entry(2).trade_name}
    registered = session.scalars(select(Merchant.business_number)).all()
    assert sorted(registered) == sorted(business_number(80_000 + serial) for serial in (1, 2, 3))
    assert len(session.scalars(select(Application.id)).all()) == 3
