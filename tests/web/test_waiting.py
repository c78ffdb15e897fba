"""Money left, the place in line and what to expect: on the public page, the status page and the officials' pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus as S
from portal.queries import outlooks
from portal.queries.programmes import Published
from portal.services import applications, decisions
from portal.storage.objects import Stores
from tests.cases import Applied, apply, recommend
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.first_come import GRANT, programme

ClientOf = Callable[..., PortalClient]
Counter = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def call(session: Session) -> Published:
    """Money for one grant and 100,000 won."""
    return programme(session, won=GRANT + 100_000)


def read(browser: PortalClient, url: str) -> str:
    """The page's words, with single spaces."""
    return " ".join(re.sub("<[^>]+>", " ", browser.get(url).text).split())


def status(client_of: ClientOf, case: Applied) -> str:
    return read(client_of(case.owner), f"/my/applications/{case.id}")


def test_anyone_reads_what_is_left_by_the_ledger_and_how_many_wait(
    session: Session, stores: Stores, call: Published, client: PortalClient
) -> None:
    for _ in range(3):
        apply(session, stores, call)
    session.commit()
    page = read(client, "/programmes/first-come")
    assert "100,000원 (예산의 16.7%)" in page
    assert "2026. 6. 15. 10:00 장부 기준" in page
    assert "예산을 확보한 신청 1건 대기하는 신청 2건" in page
    assert "먼저 낸 2건이 예산을 기다리고 있습니다" in page
    assert "처리 기간 14일 최근 90일에 끝난 것이 5건보다 적어" in page


def test_whoever_waits_reads_the_place_and_when_it_is_their_turn_without_a_name(
    session: Session, stores: Stores, call: Published, client_of: ClientOf
) -> None:
    first, second, third = (apply(session, stores, call) for _ in range(3))
    session.commit()
    assert "예산 확보 500,000원" in status(client_of, first)
    page = status(client_of, third)
    assert "예산 대기 2번입니다" in page
    assert "결과를 알려 드리는 날 예산이 확보된 뒤에 알려 드립니다" in page
    assert "대기 2번, 앞에 1건" in page
    assert "결정 예상" not in page
    applications.withdraw(session, first.id, by=actor(first.owner), at=AT)
    session.commit()
    assert "대기 1번, 앞에 0건" in status(client_of, third)
    page = status(client_of, second)
    assert "예산 순서 예산 확보 500,000원" in page
    assert "결정 예상" in page
    assert "예산 확보 2026. 6. 15. 10:00" in page  # among what happened
    assert first.owner.person.name not in page
    assert "예산이 확보되었습니다" in read(client_of(second.owner), "/my/")
    assert "대기 1번, 앞에 0건이 있습니다" in read(client_of(third.owner), "/my/")


def test_the_days_come_from_what_was_really_decided(
    session: Session, stores: Stores, client_of: ClientOf, client: PortalClient
) -> None:
    call = programme(session, won=GRANT * 9)
    reviewer, approver = (actor(make_official(session, role)) for role in (Role.REVIEWER, Role.APPROVER))
    started = AT - timedelta(days=14)  # a Monday
    for days in (0, 1, 2, 3, 4):
        case = apply(session, stores, call, at=started)
        recommend(session, case.application, reviewer, at=started)
        decisions.approve(session, stores, case.id, by=approver, at=started + timedelta(days=days))
    waits = apply(session, stores, call)
    session.commit()
    page = read(client, "/programmes/first-come")
    assert "보통 2일, 열에 아홉은 4일 안 최근 90일에 끝난 5건으로 셈" in page  # 3 June is a day of elections
    assert "아직 말씀드릴 수 없습니다" in page
    page = status(client_of, waits)
    assert "2026. 6. 16.쯤, 열에 아홉은 2026. 6. 18.까지" in page
    assert "5건이 걸린 날로 셈했습니다" in page


def test_officials_see_the_reservation_and_cannot_approve_who_waits(
    session: Session, stores: Stores, call: Published, client_of: ClientOf
) -> None:
    _first, second = (apply(session, stores, call) for _ in range(2))
    recommend(session, second.application, actor(make_official(session, Role.REVIEWER)))
    session.commit()
    browser = client_of(make_official(session, Role.APPROVER))
    case = f"/office/applications/{second.id}"
    assert "예산 순서 대기 대기 1번, 앞에 0건" in read(browser, case)
    assert "아직 예산을 기다리는 신청입니다" in read(browser, f"{case}/approval")
    answer = browser.submit(f"{case}/approval", {"note": ""})
    assert (answer.status_code, "예산이 부족합니다" in answer.text) == (409, True)
    session.expire_all()
    assert second.application.status == S.RECOMMENDED


def test_the_page_of_the_version_in_force_lists_who_waits_by_number(
    session: Session, stores: Stores, call: Published, client_of: ClientOf
) -> None:
    _first, second, third = (apply(session, stores, call) for _ in range(3))
    session.commit()
    url = f"/office/programmes/{call.version.id}"
    page = read(client_of(make_official(session, Role.MANAGER)), url)
    for place, case in enumerate((second, third), start=1):
        assert f"{place} {place + 1} {case.application.receipt_number} 500,000원" in page
        assert case.application.merchant.trade_name not in page
    assert "대기하는 신청 2건 · 1,000,000원" in page


def test_a_programme_that_commits_at_the_decision_has_no_waiting_list(
    session: Session, stores: Stores, client_of: ClientOf, client: PortalClient
) -> None:
    from_gurye = apply(session, stores, make_programme(session))
    session.commit()
    assert "대기하는 신청" not in read(client, "/programmes/gurye-2020-o2o")
    page = status(client_of, from_gurye)
    assert "예산 순서" not in page
    assert "2026. 7. 2.까지" in page


def test_pages_take_the_same_number_of_statements_however_many_wait(
    session: Session,
    stores: Stores,
    call: Published,
    client_of: ClientOf,
    client: PortalClient,
    statement_counter: Counter,
) -> None:
    owner = make_merchant_user(session)
    apply(session, stores, call)
    mine = apply(session, stores, call, owner=owner)
    pages = {
        "/programmes/first-come": client,
        f"/my/applications/{mine.id}": client_of(owner),
        f"/office/programmes/{call.version.id}": client_of(make_official(session, Role.MANAGER)),
    }
    counts: dict[str, list[int]] = {url: [] for url in pages}
    for more in (0, 6):
        for _ in range(more):
            apply(session, stores, call)
        session.commit()
        for url, browser in pages.items():
            with statement_counter() as statements:
                assert browser.get(url).status_code == 200
            counts[url].append(len(statements))
    assert all(few == many for few, many in counts.values()), counts
    assert call.programme.id
    with statement_counter() as statements:
        outlooks.of_programme(session, call, at=AT, holidays=frozenset())
    assert len(statements) == 4, statements


def test_the_button_to_apply_is_for_those_who_can_and_a_call_with_money_warns_of_nothing(
    session: Session, stores: Stores, call: Published, client: PortalClient, client_of: ClientOf
) -> None:
    apply(session, stores, call)
    session.commit()
    browsers = [client, client_of(make_merchant_user(session))]
    officials = [client_of(make_official(session, role)) for role in (Role.REVIEWER, Role.AUDITOR)]
    pages = [browser.get("/programmes/first-come").text for browser in (*browsers, *officials)]
    assert ["/my/applications/new" in page for page in pages] == [True, True, False, False]
    assert not any("예산을 기다리고 있습니다" in page for page in pages)
