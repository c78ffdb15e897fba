"""At the counter: an official enters for a merchant without an account, who takes the account over with the letter."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from portal.domain.actors import Role
from tests.applying import PDF
from tests.factories import PASSWORD, make_official, make_programme
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_merchant_applies import fill_in, hand_in, upload
from tests.journeys.test_official_decides import sign_in

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
Check = Callable[[Page], None]
CODE = re.compile(r"활성화 코드: ([2-9A-Z-]{19})")
FIELDS = {
    "입력하는 곳": "구례읍사무소",
    "사업자등록번호": "124-81-00998",
    "상호": "지리산식당",
    "대표자 이름": "김순자",
    "사업장 주소": "봉성로 1",
    "전화번호": "061-780-2000",
    "계좌번호": "301-0123-4567-81",
    "예금주": "김순자",
    "개업일": "2018-03-02",
    "대표자 생년월일": "1963-04-05",
    "상시 근로자 수": "1.5",
    "2025년 매출액": "84,000,000",
    "2024년 매출액": "71,000,000",
}


def enter(page: Page, axe: Check, consent: Path) -> None:
    page.get_by_role("link", name="대신 입력하기").click()
    look(page, "proxy-new", axe)
    page.locator("#consent").set_input_files(consent)
    for label, typed in FIELDS.items():
        page.get_by_label(label).fill(typed)
    page.locator("#region_code").select_option(label="토지면")
    page.locator("#industry_code").select_option(label="한식 일반 음식점업")
    page.locator("#bank_code").select_option("011")
    page.get_by_role("button", name="등록하고 신청서 쓰기").click()
    expect(page.get_by_text("‘지리산식당’을(를) 대신하고 있습니다")).to_be_visible()


def apply(page: Page, axe: Check, folder: Path) -> None:
    look(page, "proxy-apply", axe)
    page.get_by_role("button", name="조건 확인하고 시작하기").click()
    page.get_by_role("link", name="다음: 신청 내용 적기").click()
    fill_in(page, axe)
    upload(page, axe, folder)
    hand_in(page, axe)


def print_receipt(page: Page, kept: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="접수증 인쇄하기").click()
    kept.write_bytes(Path(download.value.path()).read_bytes())
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(kept.read_bytes())).pages)
    found = CODE.search(" ".join(text.split()))
    assert found is not None
    return found[1]


def second_look(page: Page, axe: Check) -> None:
    """Another official sees the consent beside what was entered; from then on the printed code works."""
    page.get_by_role("link", name="동의서와 입력한 내용 보기").click()
    expect(page.get_by_role("button", name="동의서 확인")).to_be_visible()
    look(page, "proxy-look", axe)
    page.get_by_role("button", name="동의서 확인").click()
    expect(page.get_by_text("동의서를 확인했습니다")).to_be_visible()
    look(page, "proxy-waiting", axe)


def take_over(page: Page, axe: Check, code: str) -> None:
    page.goto("/login")
    page.get_by_role("link", name="접수증의 코드로 계정 넘겨받기").click()
    look(page, "take-over", axe)
    page.get_by_label("활성화 코드").fill(code)
    page.get_by_label("사업자등록번호").fill("124-81-00998")
    page.get_by_label("전자우편").fill("kim@example.kr")
    page.get_by_label("비밀번호 필수").fill(PASSWORD)
    page.get_by_label("비밀번호 한 번 더").fill(PASSWORD)
    page.get_by_role("button", name="계정 넘겨받기").click()
    expect(page.get_by_text("계정을 넘겨받았습니다")).to_be_visible()
    sign_in(page, "kim@example.kr")


def test_a_merchant_without_an_account_applies_at_the_counter_and_takes_over(
    server: Server, new_page: NewPage, axe: Check, tmp_path: Path
) -> None:
    with server.session() as session:
        make_programme(session)
        make_official(session, Role.CLERK, name="문가람", login="clerk@example.kr")
        make_official(session, Role.REVIEWER, name="김검토", login="reviewer@example.kr")
    consent = tmp_path / "동의서.pdf"
    consent.write_bytes(PDF + b"consent")
    clerk = new_page(1280, 800)
    sign_in(clerk, "clerk@example.kr")
    look(clerk, "proxy-index-empty", axe)
    enter(clerk, axe, consent)
    apply(clerk, axe, tmp_path)
    code = print_receipt(clerk, tmp_path / "receipt.pdf")
    clerk.get_by_role("button", name="대신하기 마치기").click()
    clerk.goto("/office/proxy")
    look(clerk, "proxy-index", axe)
    reviewer = new_page(1280, 800)
    sign_in(reviewer, "reviewer@example.kr")
    reviewer.goto("/office/applications")
    reviewer.get_by_role("link", name=re.compile("지리산식당")).first.click()
    expect(reviewer.get_by_text("문가람 (대리 입력)").first).to_be_visible()
    look(reviewer, "proxy-case", axe)
    second_look(reviewer, axe)
    merchant = new_page(360, 740)
    take_over(merchant, axe, code)
    merchant.goto("/my/applications")
    expect(merchant.get_by_text("지리산식당").first).to_be_visible()
