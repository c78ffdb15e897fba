"""A shop owner signs up, registers the shop, applies with photographs of the papers and reads the receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.applying import PDF
from tests.factories import PASSWORD, make_merchant_user, make_programme
from tests.journeys.conftest import Server
from tests.journeys.looking import tick_all

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
Axe = Callable[[Page], None]
PAPERS = ("사업자등록증", "통장 사본", "매출 증빙")


def sign_up(page: Page, axe: Axe) -> None:
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="구례군 소상공인 O2O 서비스 지원 사업", exact=True).click()
    axe(page)
    page.goto("/join")
    axe(page)
    page.get_by_label("이름").fill("김순자")
    page.get_by_label("전자우편").fill("kim@example.kr")
    page.get_by_label("비밀번호 필수").fill(PASSWORD)
    page.get_by_label("비밀번호 한 번 더").fill(PASSWORD)
    page.get_by_role("button", name="계정 만들기").click()
    sign_in(page, "kim@example.kr", axe)


def sign_in(page: Page, login: str, axe: Axe) -> None:
    if "/login" not in page.url:
        page.goto("/login")
    axe(page)
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", name=re.compile("안녕하세요"))).to_be_visible()
    axe(page)


def register(page: Page, axe: Axe) -> None:
    page.get_by_role("link", name="사업장 등록하기").click()
    page.get_by_role("button", name="등록하기").click()
    expect(page.get_by_role("alert")).to_contain_text("사업자등록번호")
    axe(page)
    page.get_by_role("alert").get_by_role("link", name=re.compile("사업자등록번호")).click()
    expect(page.locator("#business_number")).to_be_focused()
    fields = {
        "사업자등록번호": "124-81-00998",
        "상호": "지리산식당",
        "대표자 이름": "김순자",
        "사업장 주소": "봉성로 1",
    }
    fields |= {"전화번호": "010-1234-5678", "계좌번호": "301-0123-4567-81", "예금주": "김순자", "개업일": "2018-03-02"}
    fields |= {"상시 근로자 수": "1.5", "2025년 매출액": "84,000,000", "2024년 매출액": "71,000,000"}
    for label, typed in fields.items():
        page.get_by_label(label).fill(typed)
    page.locator("#region_code").select_option(label="토지면")
    page.locator("#industry_code").select_option(label="한식 일반 음식점업")
    page.locator("#bank_code").select_option("011")
    page.get_by_role("button", name="등록하기").click()
    expect(page.get_by_role("heading", name="지리산식당")).to_be_visible()
    axe(page)


def start(page: Page, axe: Axe) -> None:
    page.get_by_role("link", name="지원 신청하기").click()
    axe(page)
    page.get_by_role("button", name="조건 확인하고 시작하기").click()
    expect(page.get_by_text("지금까지는 조건에 맞습니다")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="다음: 신청 내용 적기").click()


def fill_in(page: Page, axe: Axe) -> None:
    axe(page)
    page.get_by_label("지원금을 어떻게 쓸지").fill("배달 주문을 늘리고 단골에게 할인쿠폰을 보내려고 합니다.")
    page.get_by_label("드는 비용 모두").fill("800,000")
    page.get_by_label("신청하는 지원금").fill("500,000")
    tick_all(page, "신청 내용 적기")
    page.get_by_role("button", name="저장하고 다음으로").click()
    expect(page.get_by_role("heading", name="서류 올리기")).to_be_visible()


def upload(page: Page, axe: Axe, folder: Path) -> None:
    axe(page)
    for number, paper in enumerate(PAPERS):
        path = folder / f"{paper}.pdf"
        path.write_bytes(PDF + str(number).encode())
        section = page.get_by_role("region", name=re.compile(paper))
        section.locator("input[type=file]").set_input_files(path)
        section.get_by_role("button", name="올리기").click()
        expect(page.get_by_role("link", name=path.name)).to_be_visible()
    axe(page)
    page.get_by_role("link", name="다음: 확인하고 제출").click()


def hand_in(page: Page, axe: Axe) -> None:
    expect(page.get_by_text("모두 채웠습니다")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="신청서 내기").click()
    expect(page.get_by_text("신청서를 받았습니다")).to_be_visible()
    expect(page.get_by_text(re.compile(r"GR26-\w{5}-\w{5}-\w{5}"))).to_be_visible()
    axe(page)


def fits(page: Page) -> bool:
    """Nothing sticks out to the right."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_shop_owner_applies_on_a_telephone(
    server: Server, new_page: NewPage, axe: Axe, tmp_path: Path, javascript: bool
) -> None:
    with server.session() as session:
        make_programme(session)
    page = new_page(360, 740, javascript=javascript)
    watched = axe if javascript else (lambda _page: None)  # axe is a script itself

    def look(page: Page) -> None:
        watched(page)
        assert not javascript or fits(page), page.url

    sign_up(page, look)
    register(page, look)
    start(page, look)
    fill_in(page, look)
    upload(page, look, tmp_path)
    hand_in(page, look)


def test_the_keyboard_is_enough_to_start_and_to_fill_in(server: Server, new_page: NewPage, axe: Axe) -> None:
    with server.session() as session:
        make_programme(session)
        login = make_merchant_user(session).login
    page = new_page(360, 740)
    sign_in(page, login, axe)
    register(page, axe)
    page.get_by_role("link", name="지원 신청하기").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="신청 시작하기")).to_be_visible()
    reach(page, "조건 확인하고 시작하기")
    page.keyboard.press("Enter")
    expect(page.get_by_text("지금까지는 조건에 맞습니다")).to_be_visible()
    reach(page, "다음: 신청 내용 적기")
    page.keyboard.press("Enter")
    expect(page.locator("#plan")).to_be_visible()
    page.locator("#plan").focus()
    page.keyboard.type("배달")
    page.keyboard.press("Tab")
    page.keyboard.type("800000")
    page.keyboard.press("Tab")
    page.keyboard.type("500000")
    expect(page.locator("[data-autosave-status]")).to_contain_text("저장됨")
    reach(page, "저장만 하기")
    page.keyboard.press("Enter")
    expect(page.get_by_text("300,000원")).to_be_visible()


def reach(page: Page, name: str) -> None:
    """Presses Tab until the button or link of this name has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.innerText") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")
