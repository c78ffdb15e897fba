"""The page of absences: naming a stand-in, and reading afterwards what was approved in one's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.letters import Letter
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import actor, make_official
from tests.pages import problems, text_of

ClientOf = Callable[..., PortalClient]


def test_a_stand_in_acts_while_the_official_is_away_who_reads_it_afterwards(
    session: Session, stores: Stores, client_of: ClientOf, clock: Clock
) -> None:
    office = approved_claims.open_office(session)
    stand_in = make_official(session, Role.APPROVER, name="정대결")
    case = cases.apply(session, stores, office.programme)
    cases.recommend(session, case.application, actor(office.reviewer))
    absent, acting = client_of(office.approver), client_of(stand_in)
    form = {"account_id": office.approver.id, "stand_in_id": stand_in.id, "reason": "연가"}
    offered = absent.get("/office/absences/new").text
    assert "정대결 (결재권자)" in offered
    assert office.payer.person.name not in offered  # cannot approve in anybody's place
    refused = absent.submit("/office/absences/new", form | {"from_on": "2026-06-15", "to_on": "2026-06-14"})
    assert refused.status_code == 422
    assert (
        absent.submit("/office/absences/new", form | {"from_on": "2026-06-15", "to_on": "2026-06-16"}).status_code
        == 302
    )
    address = f"/office/applications/{case.id}"
    stopped = absent.submit(f"{address}/approval", {"note": ""})
    assert stopped.status_code == 403
    assert "부재" in problems(stopped)[0]
    assert acting.submit(f"{address}/approval", {"note": ""}).status_code == 302
    assert "대결" in text_of(acting.get(address).text)
    assert session.query(Letter).count() == 1
    clock.shift(timedelta(days=2))
    absent = client_of(office.approver)
    assert "정대결" in absent.get("/office/absences").text
    assert absent.submit("/office/absences/acknowledgement").status_code == 302
    assert "모두 읽고" not in absent.get("/office/absences").text


def test_others_see_and_end_no_absence_but_the_administrator_does(
    session: Session, client_of: ClientOf, clock: Clock
) -> None:
    office = approved_claims.open_office(session)
    stand_in = make_official(session, Role.APPROVER, name="정대결")
    administrator = client_of(make_official(session, Role.ADMINISTRATOR))
    form = {"account_id": office.approver.id, "stand_in_id": stand_in.id, "reason": "연가"}
    dates = {"from_on": "2026-06-15", "to_on": "2026-06-16"}
    assert client_of(office.payer).submit("/office/absences/new", form | dates).status_code == 422
    assert administrator.submit("/office/absences/new", form | dates).status_code == 302
    assert "정대결" not in client_of(office.payer).get("/office/absences").text
    assert client_of(stand_in).submit("/office/absences/1/end").status_code == 403
    assert administrator.submit("/office/absences/1/end").status_code == 302
    assert administrator.submit("/office/absences/987/end").status_code == 404
