"""What was received already is told from the ledger: across programmes and offices, by business and by owner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.support_history import History
from portal.models.claims import Claim
from portal.queries import support_history
from portal.storage.objects import Stores
from tests import recovered
from tests.factories import AT, actor, make_official, make_organisation
from tests.paid import County, make_county

SINCE = date(2021, 6, 15)


@pytest.fixture
def county(session: Session, stores: Stores) -> County:
    return make_county(session, stores)


def told(session: Session, claim: Claim, by: Actor, *, since: date = SINCE) -> History:
    session.flush()
    return support_history.of_merchant(session, claim.merchant_id, by, since=since)


def test_what_was_paid_and_what_is_promised_stand_apart(session: Session, county: County) -> None:
    paid, _second, refused = county.claims
    history = told(session, paid, actor(county.office.reviewer))
    [row] = history.rows
    assert (row.paid, row.back, row.promised, row.year) == (70_000, 0, 430_000, 2026)
    assert (row.this, row.application_id, history.kept_here) == (True, paid.application_id, 70_000)
    [row] = told(session, refused, actor(county.office.reviewer)).rows
    assert (row.paid, row.promised, row.last_on) == (0, 500_000, None)


def test_another_business_of_the_owner_is_counted_by_whichever_account(session: Session, county: County) -> None:
    first, second, _third = county.claims
    mine = actor(county.office.reviewer)
    assert told(session, first, mine).kept_by_owner == 70_000
    owner = first.merchant.owner_id
    second.merchant.owner_id = owner
    history = told(session, first, mine)
    assert (history.kept_here, history.kept_by_owner) == (70_000, 100_010)
    assert [row.this for row in history.rows] == [True, False]


def test_another_office_sees_amounts_and_neither_case_nor_name(session: Session, county: County) -> None:
    first, second, _third = county.claims
    second.merchant.owner_id = first.merchant.owner_id
    foreign = make_official(session, Role.REVIEWER, organisation=make_organisation(session, "haenam"))
    rows = told(session, first, actor(foreign)).rows
    assert [(row.paid, row.application_id, row.last_on) for row in rows] == [(70_000, None, None), (30_010, None, None)]
    assert rows[1].trade_name == ""
    assert rows[1].business_number == second.merchant.business_number[:5] + "*****"


def test_what_is_older_than_the_years_of_the_act_is_left_out(session: Session, county: County) -> None:
    later = AT.date() + timedelta(days=30)
    assert told(session, county.claims[0], actor(county.office.reviewer), since=later).rows == []


def test_what_came_back_is_taken_off(session: Session, stores: Stores) -> None:
    desk = recovered.open_desk(session, stores, 100_000)
    recovery = desk.ordered(40_000)
    desk.pay(recovery, 40_000, "R-1")
    claim = session.scalars(select(Claim)).one()
    history = told(session, claim, desk.reviewer)
    assert [(row.paid, row.back) for row in history.rows] == [(100_000, 40_000)]
    assert history.kept_here == 60_000


def test_the_sum_of_all_businesses_is_what_the_ledger_has_as_paid(session: Session, county: County) -> None:
    by = actor(county.office.reviewer)
    sums = [told(session, claim, by).kept_here for claim in county.claims]
    assert sum(sums) == 100_010
