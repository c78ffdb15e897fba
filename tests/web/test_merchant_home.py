"""What a merchant reads: the first page, the lists, the marks of example values; and what reading costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from portal.services import applications
from portal.storage.objects import Stores
from tests import applying
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_programme

ClientOf = Callable[..., PortalClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
CODE = "gurye-2020-o2o"


def test_the_list_is_read_page_by_page_in_a_fixed_number_of_statements(
    session: Session, client_of: ClientOf, statement_counter: Counter
) -> None:
    programme, owner = make_programme(session), make_merchant_user(session)
    for serial in range(1, 3):
        applying.start(session, programme, owner, serial=serial)
    browser = client_of(owner)
    with statement_counter() as few:
        browser.get("/my/applications")
    for serial in range(3, 26):
        applying.start(session, programme, owner, serial=serial)
    session.commit()
    with statement_counter() as many:
        first = browser.get("/my/applications")
    assert len(many) == len(few)
    assert len(many) <= 7
    assert first.text.count("작성 중") == 20
    earlier = first.text.split('rel="next" href="')[1].split('"')[0]
    assert browser.get(earlier).text.count("작성 중") == 5


@pytest.mark.parametrize(
    "page", ["/my/", "/my/applications/{id}", "/my/applications/{id}/submit", "/programmes/" + CODE, "/"]
)
def test_a_page_takes_few_statements(
    session: Session, stores: Stores, client_of: ClientOf, statement_counter: Counter, page: str
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    browser, url = client_of(owner), page.format(id=draft.id)
    with statement_counter() as statements:
        assert browser.get(url).status_code == 200
    assert len(statements) <= 17


def test_the_first_page_says_the_one_thing_to_do(session: Session, stores: Stores, client_of: ClientOf) -> None:
    programme, owner = make_programme(session), make_merchant_user(session)
    browser = client_of(owner)
    assert "먼저 사업장을 등록해 주세요" in browser.get("/my/").text
    place = applying.register(session, owner)
    assert "새로 신청할 수 있는 지원이 있습니다" in browser.get("/my/").text
    draft = applications.start(session, programme.programme.code, place.id, by=actor(owner), at=AT)
    assert "쓰던 신청서가 있습니다" in browser.get("/my/").text
    applications.withdraw(session, draft.id, by=actor(owner), at=AT)
    ready = applying.ready(session, stores, programme, owner, serial=2)
    applications.submit(session, ready.id, by=actor(owner), at=AT)
    assert "결과를 기다리고 있습니다" in browser.get("/my/").text


def test_example_values_are_marked_wherever_they_stand(
    session: Session, client_of: ClientOf, client: PortalClient
) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    programme = client.get(f"/programmes/{CODE}").text
    assert programme.count("예시 값") >= 12
    assert "가게가 낸 비용의 50%" in programme
    assert "한 달에 100,000원까지" in programme
    browser = client_of(owner)
    for page in ("check", "edit", "documents"):
        assert "예시 값" in browser.get(f"/my/applications/{draft.id}/{page}").text
