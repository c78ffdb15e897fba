"""No platform tells of a shop's deliveries: its statement is handed in, entered, confirmed, and claimed from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.factories import make_official
from tests.journeys.conftest import Server
from tests.journeys.test_back_office import fits
from tests.journeys.test_payment import sign_in
from tests.settled import Office

pytestmark = pytest.mark.browser


@pytest.fixture
def photograph(tmp_path: Path, new_page: Callable[..., Page]) -> Path:
    """A statement as a telephone would take it."""
    page, path = new_page(360), tmp_path / "정산서.png"
    page.set_content("<h1>바로고 5월 정산서</h1><p>5/3 12:00 3,500원<p>5/4 18:30 3,500원<p>합계 7,000원")
    page.screenshot(path=path)
    return path


@pytest.mark.parametrize("width", [1280, 360])
def test_a_statement_on_paper_becomes_support(
    server: Server,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    photograph: Path,
    start_worker: Callable[[], None],
    width: int,
) -> None:
    start_worker()
    with server.session() as session:
        office = Office(session, stores_under(server.settings.store), LineStore(server.settings.store))
        shop = office.grant(trade_name="섬진강 국밥")
        logins = [shop.owner.login, office.reviewer.login, make_official(session, Role.REVIEWER).login]
    merchant, first, second = (new_page(width) for _ in logins)
    for page, login in zip((merchant, first, second), logins, strict=True):
        sign_in(page, login)

    def good(page: Page) -> None:
        axe(page)
        fits(page)

    merchant.goto("/my/evidence")
    good(merchant)
    merchant.get_by_role("link", name="새 증빙 내기").click()
    merchant.get_by_role("button", name="증빙 내기").click()
    expect(merchant.get_by_role("alert")).to_contain_text("문서 파일")
    good(merchant)
    merchant.get_by_label("정산서").check()
    merchant.get_by_label("누가 준 문서인가요?").select_option(label="바로고")
    merchant.get_by_label("어느 달의 거래인가요?").fill("2026-05")
    merchant.get_by_label("문서의 합계 금액").fill("7,000")
    merchant.get_by_label("문서 파일").set_input_files(photograph)
    merchant.get_by_role("button", name="증빙 내기").click()
    expect(merchant.get_by_text("증빙을 냈습니다")).to_be_visible()
    good(merchant)

    first.goto("/office/evidence?status=submitted")
    good(first)
    first.get_by_role("link", name="섬진강 국밥").click()
    expect(first.get_by_role("img", name="낸 문서의 사진")).to_be_visible()
    good(first)
    first.get_by_role("link", name="줄 적기").click()
    good(first)
    first.get_by_label("건당 배달비").fill("3500")
    for number, (day, clock) in enumerate([("3", "12:00"), ("4", "1830")], 1):
        first.get_by_label(f"{number}번째 줄 일", exact=True).fill(day)
        first.get_by_label(f"{number}번째 줄 시각").fill(clock)
        first.get_by_label(f"{number}번째 줄 주문금액").fill("20,000")
    first.get_by_role("button", name="저장").click()
    expect(first.get_by_text("문서와 맞습니다")).to_be_visible()
    good(first)
    first.get_by_role("link", name="표로 넣기").click()
    good(first)
    first.go_back()
    first.get_by_role("button", name="확인 요청").click()
    expect(first.get_by_text("줄을 적은 사람은 확인할 수 없습니다")).to_be_visible()
    good(first)

    second.goto("/office/evidence?status=entered")
    second.get_by_role("link", name="섬진강 국밥").click()
    expect(second.get_by_role("button", name="확인하고 받기")).to_be_visible()
    case = second.url
    for page in ("다시 적게 하기", "반려"):
        second.get_by_role("link", name=page).click()
        expect(second.get_by_role("link", name="증빙 화면")).to_be_visible()
        good(second)
        second.get_by_role("link", name="증빙 화면").click()
        second.wait_for_url(case)
    second.get_by_role("button", name="확인하고 받기").click()
    expect(second.get_by_text("인정한 줄이 정산자료가 되었습니다")).to_be_visible()
    good(second)
    second.get_by_role("link", name="이 증빙으로 들어온 자료").click()
    expect(second.get_by_role("link", name="이 자료의 증빙 문서 보기")).to_be_visible()
    good(second)

    second.goto("/office/claims/new")
    second.get_by_label("사업").select_option(index=1)
    second.get_by_label("산정할 달").fill("2026-05")
    second.get_by_role("button", name="산정하기").click()
    expect(second.get_by_text("새로 산정 1건")).to_be_visible()
    second.get_by_role("link", name="섬진강 국밥").click()
    expect(second.get_by_text("3,500원").first).to_be_visible()
    good(second)
    second.get_by_role("link", name="증빙 문서").first.click()
    expect(second.get_by_role("img", name="낸 문서의 사진")).to_be_visible()
    good(second)
    merchant.reload()
    expect(merchant.get_by_text("인정한 줄은 이 달의 지원금 산정에 들어갑니다")).to_be_visible()
    good(merchant)
