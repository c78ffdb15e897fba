"""The officials' queue and case page: what is there, who may see it, and in how many statements."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.applications import Document
from portal.queries import programmes
from portal.services import applications
from portal.storage.objects import Stores
from tests.cases import Applied, apply
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_programme

Browser = Callable[..., PortalClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
QUEUE = "/office/applications"


@pytest.fixture
def case(session: Session, stores: Stores) -> Applied:
    return apply(session, stores, make_programme(session), trade_name="섬진강 다슬기")


def test_the_queue_shows_all_that_is_needed_on_one_row(session: Session, case: Applied, client_of: Browser) -> None:
    page = client_of(make_official(session, Role.REVIEWER)).get(QUEUE)
    for text in ("섬진강 다슬기", case.application.receipt_number or "?", "500,000원", "홍*동", "접수", "2026. 7. 2."):
        assert text in page.text
    assert "3010000" not in page.text


@pytest.mark.parametrize("wanted", ["다슬기", "{number}", "{receipt}"])
def test_a_case_is_found_by_name_business_number_and_receipt_number(
    session: Session, stores: Stores, case: Applied, client_of: Browser, wanted: str
) -> None:
    apply(session, stores, programmes.read(case.application.version), trade_name="지리산 산채")
    number = case.application.merchant.business_number
    text = wanted.format(number=f"{number[:3]}-{number[3:5]}-{number[5:]}", receipt=case.application.receipt_number)
    page = client_of(make_official(session, Role.REVIEWER)).get(QUEUE, query_string={"text": text})
    assert "섬진강 다슬기" in page.text
    assert "지리산 산채" not in page.text


@pytest.mark.parametrize("text", ["없는 가게", "%", "_", "' OR 1=1 --", "\\"])
def test_what_nobody_is_called_finds_nobody(session: Session, case: Applied, client_of: Browser, text: str) -> None:
    page = client_of(make_official(session, Role.REVIEWER)).get(QUEUE, query_string={"text": text})
    assert (page.status_code, "섬진강 다슬기" in page.text) == (200, False)


def test_due_and_overdue_are_said_in_words(session: Session, case: Applied, client_of: Browser, clock: Clock) -> None:
    clock.shift(timedelta(days=17))  # 2 July, the last day
    browser = client_of(make_official(session, Role.REVIEWER))
    assert "오늘까지" in browser.get(QUEUE, query_string={"view": "due_soon"}).text
    assert "섬진강 다슬기" not in browser.get(QUEUE, query_string={"view": "overdue"}).text
    clock.shift(timedelta(days=1))
    browser = client_of(make_official(session, Role.REVIEWER))
    assert "1일 지남" in browser.get(QUEUE, query_string={"view": "overdue"}).text


def test_the_queue_and_the_case_take_few_statements_however_many_cases(
    session: Session, stores: Stores, client_of: Browser, statement_counter: Counter
) -> None:
    programme = make_programme(session)
    case = apply(session, stores, programme)
    browser = client_of(make_official(session, Role.REVIEWER))
    counts: dict[str, list[int]] = {QUEUE: [], f"{QUEUE}/{case.id}": []}
    for more in (0, 40):
        for _ in range(more):
            apply(session, stores, programme, account_number="3019999999999")
        for url, seen in counts.items():
            with statement_counter() as statements:
                assert browser.get(url).status_code == 200
            seen.append(len(statements))
    (few, many), (one, still_one) = counts.values()
    assert few == many <= 8
    assert one == still_one <= 14  # among them the table of holidays, signals, and what was received already


def test_drafts_and_foreign_cases_do_not_exist_for_officials(
    session: Session, stores: Stores, case: Applied, client_of: Browser
) -> None:
    owner = make_merchant_user(session)
    other = apply(session, stores, programmes.read(case.application.version), owner=owner)
    applications.withdraw(session, other.id, by=actor(owner), at=AT)
    draft = applications.start(session, "gurye-2020-o2o", other.application.merchant_id, by=actor(owner), at=AT)
    browser = client_of(make_official(session, Role.REVIEWER))
    assert browser.get(f"{QUEUE}/{draft.id}").status_code == 404
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = client_of(make_official(session, Role.REVIEWER, organisation=elsewhere))
    for url in (f"{QUEUE}/{case.id}", f"{QUEUE}/999999", f"{QUEUE}/{case.id}/supplement"):
        answer = foreign.get(url)
        assert (answer.status_code, "섬진강" in answer.text) == (404, False)
    assert "섬진강" not in foreign.get(QUEUE).text


def test_the_case_page_masks_the_account_and_tells_article_and_evidence(
    session: Session, stores: Stores, case: Applied, client_of: Browser
) -> None:
    browser = client_of(make_official(session, Role.AUDITOR))
    page = browser.get(f"{QUEUE}/{case.id}").text
    account = case.application.merchant.account_number
    assert account not in page
    assert account[-4:] in page
    assert "소상공인기본법 제2조" in page
    assert "사업자등록증" in page
    assert "검토 시작" not in page  # an auditor reads and does nothing


def test_evidence_comes_as_an_attachment_to_officials_of_the_organisation_only(
    session: Session, stores: Stores, case: Applied, client_of: Browser
) -> None:
    paper = session.query(Document).filter_by(application_id=case.id).first()
    assert paper is not None
    url = f"{QUEUE}/{case.id}/documents/{paper.id}"
    answer = client_of(make_official(session, Role.REVIEWER)).get(url)
    assert answer.data == stores.evidence.read(paper.sha256)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    assert client_of(make_official(session, Role.REVIEWER, organisation=elsewhere)).get(url).status_code == 404
    assert client_of(make_official(session, Role.MANAGER)).get(url).status_code == 403
    assert client_of(case.owner).get(url).status_code == 403
    other = apply(session, stores, programmes.read(case.application.version))
    reviewer = client_of(make_official(session, Role.REVIEWER))
    assert reviewer.get(f"{QUEUE}/{other.id}/documents/{paper.id}").status_code == 404


def test_what_two_cases_share_is_shown_as_a_suspicion(
    session: Session, stores: Stores, case: Applied, client_of: Browser
) -> None:
    programme = programmes.read(case.application.version)
    same_account = apply(
        session, stores, programme, trade_name="같은 계좌", account_number=case.application.merchant.account_number
    )
    apply(session, stores, programme, trade_name="다른 가게")
    page = client_of(make_official(session, Role.REVIEWER)).get(f"{QUEUE}/{case.id}").text
    assert "확인 필요" in page
    assert "같은 지급 계좌" in page
    assert str(same_account.application.receipt_number) in page
    assert "다른 가게" not in page


def test_the_same_file_of_two_businesses_is_a_suspicion(session: Session, stores: Stores, client_of: Browser) -> None:
    programme = make_programme(session)
    case = apply(session, stores, programme, evidence=b"%PDF-1.4 the same paper")
    apply(session, stores, programme, trade_name="베낀 가게", evidence=b"%PDF-1.4 the same paper")
    page = client_of(make_official(session, Role.REVIEWER)).get(f"{QUEUE}/{case.id}").text
    assert "같은 증빙 파일" in page
    assert "베낀 가게" in page


def test_the_queue_begins_with_what_is_undecided_and_finds_the_rest_by_name_status_or_view(
    session: Session, stores: Stores, case: Applied, client_of: Browser
) -> None:
    applications.withdraw(session, case.id, by=actor(case.owner), at=AT)
    apply(session, stores, programmes.read(case.application.version), trade_name="지리산 산채")
    browser = client_of(make_official(session, Role.REVIEWER))
    first = browser.get(QUEUE).text
    assert ("지리산 산채" in first, "섬진강 다슬기" in first) == (True, False)
    for asked in ({"view": ""}, {"view": "undecided", "text": "섬진강"}, {"view": "undecided", "status": "withdrawn"}):
        assert "섬진강 다슬기" in browser.get(QUEUE, query_string=asked).text
