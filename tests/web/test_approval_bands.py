"""The page of amount bands: proposed by one, confirmed by another, and what an approver is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.approvals import Matter
from portal.models.approvals import ApprovalBand
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.banded import band
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import actor, make_official
from tests.pages import problems, text_of

ClientOf = Callable[..., PortalClient]


@pytest.mark.usefixtures("clock")
def test_the_administrator_asks_and_another_person_confirms(session: Session, client_of: ClientOf) -> None:
    approver = make_official(session, Role.APPROVER, name="최과장")
    administrator, manager = (client_of(make_official(session, r)) for r in (Role.ADMINISTRATOR, Role.MANAGER))
    assert "금액에 관계없이" in administrator.get("/office/approval-bands").text
    form = {"matter": "decision", "whose": f"account:{approver.id}", "up_to": "3,000,000", "valid_from": "2026-06-15"}
    assert administrator.submit("/office/approval-bands/new", form | {"up_to": "0"}).status_code == 422
    assert administrator.submit("/office/approval-bands/new", form).status_code == 302
    page = administrator.get("/office/approval-bands").text
    assert "3,000,000" in page
    number = session.scalars(select(ApprovalBand.id)).one()
    confirmation = f"/office/approval-bands/{number}/confirmation"
    assert confirmation not in page
    assert administrator.submit(confirmation).status_code == 403
    assert confirmation in manager.get("/office/approval-bands").text
    assert manager.submit(confirmation).status_code == 302
    assert manager.submit(confirmation).status_code == 409
    assert "가장 큰 한도를 넘는 금액은 아무도" in text_of(manager.get("/office/approval-bands").text)


def test_an_approver_reads_whose_the_amount_is(
    session: Session, stores: Stores, client_of: ClientOf, clock: Clock
) -> None:
    office = approved_claims.open_office(session)
    chief = make_official(session, Role.APPROVER, name="최과장")
    band(session, Matter.DECISION, None, chief)
    case = cases.apply(session, stores, office.programme)
    cases.recommend(session, case.application, actor(office.reviewer))
    address = f"/office/applications/{case.id}/approval"
    refused = client_of(office.approver).submit(address, {"note": ""})
    assert refused.status_code == 403
    assert "주무관 최과장" in problems(refused)[0]
    assert client_of(chief).submit(address, {"note": ""}).status_code == 302
