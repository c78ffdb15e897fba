"""The whole way, as people go it: from signing up to the policymaker's figures, in nine browsers of seven people."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from portal.models.accounts import Organisation
from portal.services import reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.factories import PASSWORD, make_official, make_programme
from tests.journeys import test_merchant_applies as applying
from tests.journeys import test_payment as paying
from tests.journeys.conftest import Server
from tests.journeys.looking import tick_all
from tests.settled import csv_of, line

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
OFFICIALS = {
    "reviewer@example.kr": Role.REVIEWER,
    "approver@example.kr": Role.APPROVER,
    "payer1@example.kr": Role.PAYER,
    "payer2@example.kr": Role.PAYER,
    "policy@example.kr": Role.POLICYMAKER,
    "auditor@example.kr": Role.AUDITOR,
}
SHOP = "지리산식당"
ITEMS = {"배달 대행비": 18_000, "앱 이용 고객 홍보비": 700}
EXPECTED = 18_700  # twelve deliveries: 3,000 won at 50 %; one promotion: 875 won at 80 %


@pytest.fixture
def county(server: Server) -> Server:
    """A programme in force and its officials; no merchant yet."""
    with server.session() as session:
        organisation: Organisation = make_programme(session).programme.organisation
        for login, role in OFFICIALS.items():
            make_official(session, role, organisation=organisation, name=login.split("@")[0], login=login)
    return server


def enter(new_page: NewPage, login: str, *, width: int = 1280) -> Page:
    page = new_page(width)
    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
    return page


def apply(merchant: Page, folder: Path) -> None:
    unwatched: Callable[[Page], None] = lambda _page: None  # noqa: E731 (these pages are watched in their own journey)
    applying.sign_up(merchant, unwatched)
    applying.register(merchant, unwatched)
    applying.start(merchant, unwatched)
    applying.fill_in(merchant, unwatched)
    applying.upload(merchant, unwatched, folder)
    applying.hand_in(merchant, unwatched)


def review(reviewer: Page, shop: str = SHOP) -> None:
    reviewer.goto("/office/applications")
    reviewer.get_by_role("link", name=shop).click()
    reviewer.get_by_role("button", name="이해관계 없음").click()
    reviewer.get_by_role("button", name="검토 시작").click()
    recommend(reviewer)


def recommend(reviewer: Page) -> None:
    """From the page of a case under review."""
    reviewer.get_by_role("link", name="결재 올리기").click()
    tick_all(reviewer, "결재 올리기")
    reviewer.get_by_label("선정(교부)").check()
    reviewer.get_by_label("검토 내용").fill("요건을 모두 갖추었습니다.")
    reviewer.get_by_role("button", name="결재 올리기").click()
    expect(reviewer.get_by_text("결재를 올렸습니다.")).to_be_visible()


def decide(approver: Page, shop: str = SHOP) -> None:
    approver.goto("/office/applications")
    approver.get_by_role("link", name=shop).click()
    approver.get_by_role("button", name="이해관계 없음").click()
    approver.get_by_role("link", name="교부 결정").click()
    approver.get_by_role("button", name="교부 결정").click()
    expect(approver.get_by_text("교부결정통지서를 보냈습니다").first).to_be_visible()


def link(merchant: Page, reviewer: Page, shop: str = SHOP) -> None:
    merchant.goto("/my/links")
    merchant.get_by_label("사업장").select_option(label=shop)
    merchant.get_by_label("플랫폼").select_option("baemin")
    merchant.get_by_label("매장 번호").fill("BM77001")
    merchant.get_by_label("사용 시작일").fill("2026-03-01")
    merchant.get_by_role("button", name="연결 신청하기").click()
    expect(merchant.get_by_text("확인 대기")).to_be_visible()
    reviewer.goto("/office/links")
    reviewer.get_by_role("link", name=shop).click()
    reviewer.get_by_role("button", name="연결 확인").click()
    expect(reviewer.get_by_text("연결을 확인했습니다.")).to_be_visible()


def settle(reviewer: Page, folder: Path) -> None:
    orders = [line("BM77001", f"2026-05-{day:02d} 12:10", order_no=f"B{day:04d}", fee=3_000) for day in range(1, 13)]
    orders.append(line("BM77001", "2026-05-20 18:30", order_no="B0020", fee=0, promotion=875))
    send(reviewer, folder, "2026-05", csv_of(orders))
    draw_up(reviewer, "2026-05", 1)


def send(reviewer: Page, folder: Path, month: str, content: bytes) -> None:
    """A month's file of 배달의민족."""
    path = folder / f"baemin-{month}.csv"
    path.write_bytes(content)
    reviewer.goto("/office/settlements/new")
    reviewer.get_by_label("플랫폼").select_option("baemin")
    reviewer.get_by_label("정산 월").fill(month)
    reviewer.get_by_label("정산 파일").set_input_files(path)
    reviewer.get_by_role("button", name="올리기", exact=True).click()
    expect(reviewer.get_by_text("파일을 받았습니다.")).to_be_visible()


def draw_up(reviewer: Page, month: str, count: int) -> None:
    reviewer.goto("/office/claims/new")
    reviewer.get_by_label("사업").select_option(index=1)
    reviewer.get_by_label("산정할 달").fill(month)
    reviewer.get_by_role("button", name="산정하기").click()
    expect(reviewer.get_by_text(f"새로 산정 {count}건")).to_be_visible()


def approve_claims(approver: Page, month: str = "2026. 5.", count: int = 1) -> None:
    approver.goto("/office/claims")
    approver.get_by_role("link", name=month).click()
    approver.get_by_role("button", name=f"{count}건 모두 승인하기").click()
    expect(approver.get_by_text(f"지원금 {count}건을 승인했습니다.")).to_be_visible()


def pay(payer: Page, releaser: Page, unwatched: Callable[[Page], None], count: int = 1, on: str = "2026-06-15") -> None:
    paying.prepare(payer, unwatched)
    rows = paying.release(releaser, unwatched, payer.url)
    payer.reload()
    payer.get_by_role("link", name="은행 결과 올리기").click()
    paying.take_in(payer, paying.answer_of_bank(rows, on=on))
    expect(payer.get_by_text(f"지급 {count}건, 거절 0건")).to_be_visible()


def test_from_signing_up_to_the_policymakers_figures(
    county: Server, new_page: NewPage, start_worker: Callable[[], None], tmp_path: Path
) -> None:
    start_worker()
    merchant = new_page(360, 740)
    apply(merchant, tmp_path)
    reviewer, approver = enter(new_page, "reviewer@example.kr"), enter(new_page, "approver@example.kr")
    review(reviewer)
    decide(approver)
    link(merchant, reviewer)
    settle(reviewer, tmp_path)
    approve_claims(approver)
    pay(enter(new_page, "payer1@example.kr"), enter(new_page, "payer2@example.kr"), lambda _page: None)

    merchant.goto("/my/claims")
    expect(merchant.get_by_text("지급 완료").first).to_be_visible()
    expect(merchant.get_by_text(f"{EXPECTED:,}원").first).to_be_visible()
    merchant.get_by_role("main").get_by_role("link", name="2026. 5.").first.click()
    for item, won in ITEMS.items():
        expect(merchant.get_by_role("row", name=re.compile(f"{item}.* {won:,}원"))).to_be_visible()
    merchant.goto("/my/letters")
    for title in ("교부결정통지서", "지급통지서"):
        expect(merchant.get_by_role("link", name=re.compile(title)).first).to_be_visible()

    policy = enter(new_page, "policy@example.kr")
    policy.goto("/policy/statistics")
    expect(policy.get_by_text(f"{EXPECTED:,}").first).to_be_visible()

    auditor = enter(new_page, "auditor@example.kr")
    auditor.goto("/office/system")
    expect(auditor.get_by_text("점검한 규칙이 모두 지켜지고 있습니다.")).to_be_visible()
    store = county.settings.store
    with county.session() as session:
        results = reconcile.check_all(session, reconcile.Files(stores_under(store), LineStore(store)))
    assert [result for result in results if not result.holds] == []
