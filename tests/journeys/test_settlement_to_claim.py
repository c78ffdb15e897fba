"""From a store's number to the month's support: four people, four browsers, every page accessible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.factories import PASSWORD
from tests.journeys.conftest import Server
from tests.settled import Office, csv_of, line

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Logins:
    merchant: str
    reviewer: str
    approver: str


@pytest.fixture
def logins(server: Server) -> Logins:
    """A programme, its officials, and a merchant with a grant."""
    with server.session() as session:
        office = Office(session, stores_under(server.settings.store), LineStore(server.settings.store))
        shop = office.grant(trade_name="섬진강 국밥")
        return Logins(shop.owner.login, office.reviewer.login, office.approver.login)


@pytest.fixture
def may(tmp_path: Path) -> Path:
    """A month of 배달의민족: paid, capped by the order, cancelled, not a delivery, and one row of another month."""
    path = tmp_path / "baemin-2026-05.csv"
    rows = [
        line("BM77001", f"2026-05-{day:02d} 12:10", order_no=f"B2C30000{day:02d}", fee=3_300) for day in range(1, 13)
    ]
    rows.append(line("BM77001", "2026-05-20 18:30", order_no="B2C3000020", fee=9_000, promotion=2_500))
    rows.append(line("BM77001", "2026-05-21 18:30", order_no="B2C3000021", status="cancelled"))
    rows.append(line("BM77001", "2026-05-22 18:30", order_no="B2C3000022", channel="preorder"))
    rows.append(line("BM99009", "2026-05-22 19:00", order_no="B2C3000023"))
    rows.append(line("BM77001", "2026-06-01 00:10", order_no="B2C3000024"))
    path.write_bytes(csv_of(rows))
    return path


def sign_in(page: Page, login: str) -> Page:
    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    return page


def name_a_store(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/my/links")
    axe(page)
    page.get_by_role("button", name="연결 신청하기").click()
    expect(page.get_by_role("alert")).to_contain_text("매장 번호")
    axe(page)
    page.get_by_label("사업장").select_option(label="섬진강 국밥")
    page.get_by_label("플랫폼").select_option("baemin")
    page.get_by_label("매장 번호").fill("BM77001")
    page.get_by_label("사용 시작일").fill("2026-03-01")
    page.get_by_role("button", name="연결 신청하기").click()
    expect(page.get_by_text("확인 대기")).to_be_visible()


def confirm_it(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/office/links")
    axe(page)
    page.get_by_role("link", name="섬진강 국밥").click()
    axe(page)
    page.get_by_role("button", name="연결 확인").click()
    expect(page.get_by_text("연결을 확인했습니다.")).to_be_visible()


def deliver(page: Page, axe: Callable[[Page], None], may: Path, start_worker: Callable[[], None]) -> None:
    page.goto("/office/settlements/new")
    axe(page)
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("정산 파일")
    page.get_by_label("플랫폼").select_option("baemin")
    page.get_by_label("정산 월").fill("2026-05")
    page.get_by_label("정산 파일").set_input_files(may)
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(page.get_by_text("차례를 기다리는 중")).to_be_visible()
    axe(page)
    start_worker()
    expect(page.get_by_text("파일을 받았습니다.")).to_be_visible()
    expect(page.get_by_text("올린 달의 주문이 아닙니다").first).to_be_visible()
    axe(page)
    page.goto("/office/settlements/unlinked")
    expect(page.get_by_text("BM99009")).to_be_visible()
    axe(page)
    page.goto("/office/settlements")
    axe(page)


def draw_up(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/office/claims")
    axe(page)
    page.get_by_role("link", name="산정하기").click()
    axe(page)
    page.get_by_label("사업").select_option(index=1)
    page.get_by_label("산정할 달").fill("2026-05")
    page.get_by_role("button", name="산정하기").click()
    expect(page.get_by_text("새로 산정 1건")).to_be_visible()
    axe(page)


def approve(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/office/claims")
    axe(page)
    page.get_by_role("link", name="2026. 5.").click()
    axe(page)
    page.get_by_role("button", name="1건 모두 승인하기").click()
    expect(page.get_by_text("지원금 1건을 승인했습니다.")).to_be_visible()
    page.get_by_role("link", name="섬진강 국밥").click()
    expect(page.get_by_text("어떻게 계산했나요")).to_be_visible()
    axe(page)


def read_why(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/my/claims")
    axe(page)
    page.get_by_role("link", name="2026. 5.").click()
    expect(page.get_by_text("어떻게 계산했나요")).to_be_visible()
    expect(page.get_by_text("취소된 주문이라 지원하지 않습니다.")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="모든 거래 내려받기").click()
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_stores_number_becomes_a_months_support(
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    logins: Logins,
    may: Path,
    start_worker: Callable[[], None],
    javascript: bool,
) -> None:
    check = axe if javascript else (lambda _page: None)  # the checker itself is a script
    merchant = sign_in(new_page(javascript=javascript), logins.merchant)
    reviewer = sign_in(new_page(javascript=javascript), logins.reviewer)
    name_a_store(merchant, check)
    confirm_it(reviewer, check)
    deliver(reviewer, check, may, start_worker)
    draw_up(reviewer, check)
    approve(sign_in(new_page(javascript=javascript), logins.approver), check)
    read_why(merchant, check)
