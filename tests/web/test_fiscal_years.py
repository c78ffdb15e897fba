"""The pages of fiscal years: a year is looked at, proposed for closing, turned down, and closed by another person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.fiscal_years import YearStatus
from portal.models.fiscal_years import FiscalYear
from portal.storage.objects import Stores
from portal.web import labels
from tests import approved_claims as world
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import make_official, make_programme
from tests.pages import problems, text_of

ClientOf = Callable[..., PortalClient]
NEXT = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)


def status(session: Session) -> YearStatus:
    session.expire_all()
    return session.scalars(select(FiscalYear.status).where(FiscalYear.year == 2026)).one()


def test_a_year_is_proposed_seen_and_closed(session: Session, client_of: ClientOf, clock: Clock) -> None:
    make_programme(session)
    people = [make_official(session, role) for role in (Role.PAYER, Role.APPROVER)]
    early = client_of(people[0]).submit("/office/ledger/years/1/closing", {"lapse": "y"})
    assert (early.status_code, "아직 끝나지 않았습니다" in early.text, " checked" in early.text) == (422, True, True)
    page = client_of(people[0]).get("/office/ledger/years/1").text
    assert ("해가 바뀐 뒤에" in page, "/closing" in page) == (True, False)
    clock.move_to(NEXT)
    payer, approver = map(client_of, people)
    assert "/office/ledger/years/1/closing" in payer.get("/office/ledger/years/1").text
    assert payer.submit("/office/ledger/years/1/closing", {"lapse": "y"}).status_code == 302
    page = text_of(payer.get("/office/ledger/years/1").text)
    assert ("마감 확인 중" in page, "불용으로 감액" in page, "120,000,000원" in page) == (True, True, True)
    assert payer.submit("/office/ledger/years/1/confirmation", {"confirmed": "y", "seen_upto": "1"}).status_code == 403
    stale = approver.submit("/office/ledger/years/1/confirmation", {"confirmed": "y", "seen_upto": "0"})
    assert (stale.status_code, "기록이 더해졌습니다" in stale.text) == (409, True)
    unticked = approver.submit("/office/ledger/years/1/confirmation", {"seen_upto": "1"})
    assert (unticked.status_code, len(problems(unticked))) == (422, 1)
    done = approver.submit("/office/ledger/years/1/confirmation", {"confirmed": "y", "seen_upto": "1"})
    assert (done.status_code, status(session)) == (302, YearStatus.CLOSED)
    assert "2027. 1. 8." in text_of(payer.get("/office/ledger/years").text)


def test_unpaid_grants_are_asked_about(session: Session, stores: Stores, client_of: ClientOf, clock: Clock) -> None:
    office = world.open_office(session)
    world.make_claims(session, stores, office, [300_000])
    clock.move_to(NEXT)
    payer, other = client_of(office.payer), client_of(office.releaser)
    page = payer.get("/office/ledger/years/1/closing").text
    assert "500,000원이 결정되었지만" in text_of(page)
    undecided = payer.submit("/office/ledger/years/1/closing", {})
    assert (undecided.status_code, "어떻게 할지 골라 주세요" in undecided.text) == (422, True)
    assert payer.submit("/office/ledger/years/1/closing", {"unpaid": "carry_inevitable"}).status_code == 302
    assert "사고이월" in text_of(other.get("/office/ledger/years/1").text)
    assert other.submit("/office/ledger/years/1/objection", {"note": ""}).status_code == 422
    assert other.submit("/office/ledger/years/1/objection", {"note": "아직입니다."}).status_code == 302
    assert status(session) == YearStatus.OPEN


@pytest.mark.parametrize("each", YearStatus)
def test_every_status_has_its_words(each: YearStatus) -> None:
    assert all(labels.status(each))
