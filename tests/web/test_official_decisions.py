"""Taking steps on a case through its pages: who may, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus as S
from portal.domain.approvals import Matter
from portal.models.ledger import BudgetLine
from portal.models.letters import Letter
from portal.services import reviews
from portal.storage.objects import Stores
from tests.banded import band
from tests.cases import Applied, all_ticked, apply, recommend
from tests.clients import PortalClient
from tests.factories import AT, actor, make_official, make_programme
from tests.pages import problems, text_of

Browser = Callable[..., PortalClient]


@pytest.fixture
def case(session: Session, stores: Stores) -> Applied:
    return apply(session, stores, make_programme(session))


@pytest.fixture
def recommended(session: Session, case: Applied) -> Applied:
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER, name="검토자")))
    return case


def url(case: Applied, step: str = "") -> str:
    return f"/office/applications/{case.id}{step}"


def test_a_reviewer_takes_up_asks_and_recommends(session: Session, case: Applied, client_of: Browser) -> None:
    browser = client_of(make_official(session, Role.REVIEWER))
    assert "검토 시작" in browser.get(url(case)).text
    assert browser.submit(url(case, "/take-up")).status_code == 302
    asked = browser.submit(
        url(case, "/supplement"), {"items": "통장 사본을 다시 내 주세요.", "days": "7", "parts": "file-bankbook"}
    )
    assert asked.headers["Location"] == url(case)
    page = browser.get(url(case)).text
    assert "2026. 6. 22." in page
    assert "보완요구서" in page
    assert case.application.status == S.SUPPLEMENT_REQUESTED


def test_an_incomplete_recommendation_loses_nothing(session: Session, case: Applied, client_of: Browser) -> None:
    official = make_official(session, Role.REVIEWER)
    reviews.take_up(session, case.id, by=actor(official), at=AT)
    browser = client_of(official)
    one = sorted(all_ticked(session, case.application))[0]
    answer = browser.submit(
        url(case, "/recommendation"), {"outcome": "approve", "checklist": [one], "reasons": "잘 보았습니다"}
    )
    assert answer.status_code == 422
    assert problems(answer)
    assert "잘 보았습니다" in answer.text
    assert "checked" in answer.text
    assert case.application.status == S.IN_REVIEW


def test_a_recommendation_from_the_page(session: Session, case: Applied, client_of: Browser) -> None:
    official = make_official(session, Role.REVIEWER)
    reviews.take_up(session, case.id, by=actor(official), at=AT)
    ticked = sorted(all_ticked(session, case.application))
    answer = client_of(official).submit(
        url(case, "/recommendation"), {"outcome": "approve", "checklist": ticked, "reasons": ""}
    )
    assert (answer.status_code, case.application.status) == (302, S.RECOMMENDED)


def test_approval_from_the_page_issues_the_letter(
    session: Session, recommended: Applied, client_of: Browser, stores: Stores
) -> None:
    browser = client_of(make_official(session, Role.APPROVER, name="결재자"))
    assert "500,000원" in browser.get(url(recommended, "/approval")).text
    assert browser.submit(url(recommended, "/approval"), {"note": ""}).status_code == 302
    letter = session.scalars(select(Letter)).one()
    answer = browser.get(f"/office/letters/{letter.id}")
    assert answer.data == stores.letters.read(letter.sha256)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert recommended.application.status == S.APPROVED


def test_a_second_approval_is_answered_with_a_page_that_says_so(
    session: Session, recommended: Applied, client_of: Browser
) -> None:
    first, second = (client_of(make_official(session, Role.APPROVER)) for _ in range(2))
    first.submit(url(recommended, "/approval"), {"note": ""})
    answer = second.submit(url(recommended, "/approval"), {"note": ""})
    assert answer.status_code == 409
    assert "이미 처리되었거나" in answer.text
    assert len(session.scalars(select(Letter)).all()) == 1


def test_an_exhausted_budget_is_answered_on_the_same_page(
    session: Session, recommended: Applied, client_of: Browser
) -> None:
    for line in session.scalars(select(BudgetLine)):
        line.used = line.total
    answer = client_of(make_official(session, Role.APPROVER)).submit(
        url(recommended, "/approval"), {"note": "예산을 확인해 주세요"}
    )
    assert answer.status_code == 409
    assert "예산이 부족합니다" in answer.text
    assert "예산을 확인해 주세요" in answer.text
    assert (recommended.application.status, session.scalar(select(Letter))) == (S.RECOMMENDED, None)


def test_whoever_reviewed_sees_no_button_and_is_refused(session: Session, case: Applied, client_of: Browser) -> None:
    both = make_official(session, Role.REVIEWER, Role.APPROVER)
    recommend(session, case.application, actor(both))
    browser = client_of(both)
    assert f"{url(case)}/approval" not in browser.get(url(case)).text
    for step in ("/approval", "/rejection", "/return"):
        answer = browser.submit(url(case, step), {"reasons": "요건에 맞지 않습니다.", "note": ""})
        assert answer.status_code == 403
        assert "같은 사람" in answer.text
    assert case.application.status == S.RECOMMENDED


def test_rejecting_and_sending_back_need_words(session: Session, recommended: Applied, client_of: Browser) -> None:
    browser = client_of(make_official(session, Role.APPROVER))
    assert browser.submit(url(recommended, "/rejection"), {"reasons": "안 됨"}).status_code == 422
    assert browser.submit(url(recommended, "/return"), {"reasons": ""}).status_code == 422
    assert recommended.application.status == S.RECOMMENDED
    assert browser.submit(url(recommended, "/return"), {"reasons": "매출 증빙을 다시 보세요."}).status_code == 302
    assert recommended.application.status == S.IN_REVIEW


def test_a_rejected_case_has_its_letter(session: Session, recommended: Applied, client_of: Browser) -> None:
    browser = client_of(make_official(session, Role.APPROVER))
    browser.submit(url(recommended, "/rejection"), {"reasons": "지원 제외 업종에 해당합니다."})
    assert recommended.application.status == S.REJECTED
    assert "불선정 통지서" in browser.get(url(recommended)).text


@pytest.mark.parametrize("step", ["/take-up", "/supplement", "/recommendation", "/approval", "/rejection", "/return"])
def test_a_form_without_its_token_changes_nothing(
    session: Session, case: Applied, client_of: Browser, step: str
) -> None:
    browser = client_of(make_official(session, Role.REVIEWER, Role.APPROVER))
    assert browser.post(url(case, step), data={}).status_code in (400, 401)
    assert case.application.status == S.SUBMITTED


def test_who_may_not_approve_so_much_reads_who_may_and_has_no_button(
    session: Session, recommended: Applied, client_of: Browser
) -> None:
    head, chief = (make_official(session, Role.APPROVER, name=name) for name in ("김팀장", "이과장"))
    band(session, Matter.DECISION, 300_000, head)
    band(session, Matter.DECISION, 1_000_000, chief)
    page = client_of(head).get(url(recommended, "/approval")).text
    assert ("이 금액은 다른 사람이 결재합니다" in page, 'name="note"' in page) == (True, False)
    refused = client_of(head).submit(url(recommended, "/approval"), {"note": ""})
    assert (refused.status_code, "이과장" in problems(refused)[0]) == (403, True)
    assert "권한이 없습니다" not in text_of(refused.text)
    assert 'name="note"' in client_of(chief).get(url(recommended, "/approval")).text
    assert client_of(chief).submit(url(recommended, "/approval"), {"note": ""}).status_code == 302
