"""Changing a grant on the case page: proposed by the reviewer, found and decided by the approver."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.models.applications import Decision
from portal.models.claims import Claim
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import Office, make_claims
from tests.clients import PortalClient
from tests.pages import problems, text_of

pytestmark = pytest.mark.usefixtures("clock")
ClientOf = Callable[..., PortalClient]
WHY = "배달 품목이 줄어 사업비를 낮추어 달라고 하였습니다."


@pytest.fixture
def office(session: Session) -> Office:
    return world.open_office(session)


@pytest.fixture
def claim(session: Session, stores: Stores, office: Office) -> Claim:
    return make_claims(session, stores, office, [70_010])[0]


def test_a_change_is_proposed_found_in_the_queue_and_approved(
    session: Session, office: Office, claim: Claim, client_of: ClientOf
) -> None:
    case = f"/office/applications/{claim.application_id}"
    reviewer, approver, payer = (client_of(user) for user in (office.reviewer, office.approver, office.payer))
    assert f"{case}/change" in reviewer.get(case).text
    low = reviewer.submit(f"{case}/change", {"amount": "70,009", "reason": WHY})
    assert (low.status_code, any("70,010원보다 적게" in each for each in problems(low))) == (422, True)
    assert reviewer.submit(f"{case}/change", {"amount": "300,000", "reason": WHY}).status_code == 302
    assert "결재를 기다리는 교부 결정 변경" in approver.get("/office/applications").text
    assert "교부 결정의 변경이 결재를 기다리고 있거나" in text_of(payer.get("/office/payments").text)
    unsaid = approver.submit(f"{case}/change/decision", {"outcome": "refuse", "note": ""})
    assert unsaid.status_code == 422
    assert approver.submit(f"{case}/change/decision", {"outcome": "approve", "note": ""}).status_code == 302
    session.expire_all()
    assert session.get_one(Decision, claim.application_id).amount == 300_000
    assert "변경교부결정통지서" in approver.get(case).text
    assert approver.get(f"{case}/change/decision").status_code == 404


def test_the_approver_does_not_propose_and_the_reviewer_does_not_decide(
    office: Office, claim: Claim, client_of: ClientOf
) -> None:
    case = f"/office/applications/{claim.application_id}"
    assert client_of(office.approver).get(f"{case}/change").status_code == 403
    assert client_of(office.reviewer).get(f"{case}/change/decision").status_code == 403
