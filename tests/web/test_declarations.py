"""On the case page one click says that there is no interest; an interest takes a reason and closes the case to one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.storage.objects import Stores
from tests import cases
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import make_official, make_programme
from tests.pages import problems, text_of

ClientOf = Callable[..., PortalClient]


def test_one_click_opens_the_case_to_an_official(
    session: Session, stores: Stores, client_of: ClientOf, clock: Clock
) -> None:
    case = cases.apply(session, stores, make_programme(session))
    client = client_of(make_official(session, Role.REVIEWER, name="김검토", declares=False))
    page = f"/office/applications/{case.id}"
    assert "이해관계가 있는지 밝혀" in client.get(page).text
    assert "검토 시작" not in client.get(page).text
    assert client.submit(f"{page}/take-up").status_code == 403
    assert client.submit(f"{page}/interest", {"interest": "none"}).status_code == 302
    assert "검토 시작" in client.get(page).text
    assert client.submit(f"{page}/take-up").status_code == 302


def test_an_interest_takes_a_reason_closes_the_case_and_is_seen_by_the_auditor(
    session: Session, stores: Stores, client_of: ClientOf, clock: Clock
) -> None:
    case = cases.apply(session, stores, make_programme(session))
    client = client_of(make_official(session, Role.APPROVER, name="최결재"))
    page = f"/office/applications/{case.id}"
    refused = client.submit(f"{page}/interest", {"interest": "some", "reason": ""})
    assert refused.status_code == 422
    assert "5자 이상" in problems(refused)[0]
    told = {"interest": "some", "reason": "신청인이 제 동생입니다."}
    assert client.submit(f"{page}/interest", told).status_code == 302
    assert "이해관계를 신고한 사건이라" in client.get(page).text
    auditor = text_of(client_of(make_official(session, Role.AUDITOR)).get(page).text)
    assert "최결재 이해관계 있음 신청인이 제 동생입니다." in auditor
    assert "이해관계 신고하기" not in auditor
    assert "동생" not in client_of(case.owner).get(f"/my/applications/{case.id}").text
