"""The national scheme of 2025: four taps on a phone, the platform's file does the rest, and a month tops up the other.

What the original paid out late because evidence was paper is paid here without any: nobody types a store number, a
plan or a cost. Own deliveries are proven by a photograph and a log, and nothing is asked for twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo import national
from portal.domain.actors import Role
from portal.services import programmes
from tests.applying import register
from tests.factories import make_merchant_user, make_official, make_programme
from tests.journeys import test_main_journey as whole
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in
from tests.settled import csv_of, line

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
ROLES = (Role.REVIEWER, Role.REVIEWER, Role.APPROVER, Role.PAYER, Role.PAYER)
PLACES = {"빠른식당": 180_000_000, "배달분식": 60_000_000}  # sales of 2024: too much for the first call, not for this


@pytest.fixture
def at() -> datetime:
    return datetime(2025, 6, 2, 1, 0, tzinfo=UTC)  # a Monday, two weeks after the amended call came into force


def set_the_scene(server: Server) -> tuple[list[str], list[str], dict[str, str]]:
    """Both versions of the call; logins of officials and merchants, and the business number of each place."""
    february, may = datetime(2025, 2, 10, 1, tzinfo=UTC), datetime(2025, 5, 12, 1, tzinfo=UTC)
    with server.session() as session:
        first, second = national.texts("gurye")
        make_programme(session, text=first, at=february)
        make_programme(session, text=second, at=may)
        session.flush()
        turn = datetime(2025, 5, 18, 15, tzinfo=UTC)
        for version_id in programmes.due(session, at=turn):
            programmes.take_effect(session, version_id, at=turn)
        officials = [make_official(session, role, name=f"담당{n}", at=may).login for n, role in enumerate(ROLES, 1)]
        owners, numbers = [], {}
        for serial, (name, sales) in enumerate(PLACES.items(), 1):
            owner = make_merchant_user(session, at=may)
            place = register(session, owner, serial=serial, at=may, trade_name=name, sales={2023: sales, 2024: sales})
            owners.append(owner.login)
            digits = place.business_number
            numbers[name] = f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
        return officials, owners, numbers


@dataclass
class Thumb:
    """Counts what somebody does with a telephone."""

    taps: list[str] = field(default_factory=list)

    def tap(self, what: Locator) -> None:
        self.taps.append(what.inner_text().strip() or what.get_attribute("id") or "")
        what.click()


def apply_fast(page: Page, axe: Check) -> None:
    thumb = Thumb()
    look(page, "national-home", axe)
    thumb.tap(page.get_by_role("link", name="신청하기", exact=True))
    thumb.tap(page.get_by_role("button", name="조건 확인하고 시작하기"))
    expect(page.get_by_text("서류 없이 이 화면에서 끝납니다")).to_be_visible()
    look(page, "national-short", axe)
    thumb.tap(page.get_by_label("네 가지를 읽었고 모두 동의합니다"))
    thumb.tap(page.get_by_role("button", name="신청서 내기"))
    expect(page.get_by_text("신청서를 받았습니다")).to_be_visible()
    look(page, "national-received", axe)
    assert len(thumb.taps) == 4, thumb.taps  # and nothing was typed


def apply_verified(page: Page, axe: Check, folder: Path) -> None:
    page.get_by_role("link", name="신청하기", exact=True).click()
    page.get_by_role("button", name="조건 확인하고 시작하기").click()
    page.get_by_role("link", name="다른 방법으로 신청하기").click()
    expect(page.get_by_role("link", name="다음: 확인지급 신청하기")).to_be_visible()
    look(page, "national-ways", axe)
    page.get_by_role("link", name="다음: 확인지급 신청하기").click()
    page.get_by_label("직접 배달", exact=True).check()
    expect(page.get_by_label("지원금을 어떻게 쓸지")).to_have_count(0)
    page.get_by_label("직접 배달한 횟수").fill("3")
    page.get_by_label("네 가지를 읽었고 모두 동의합니다").check()
    look(page, "national-verified", axe)
    page.get_by_role("button", name="저장하고 다음으로").click()
    expect(page.get_by_role("heading", name="서류 올리기")).to_be_visible()
    section = page.get_by_role("region", name="직접 배달을 보여 주는 서류")
    section.locator("input[type=file]").set_input_files(photograph(page, folder, "차량등록증"))
    section.get_by_role("button", name="올리기").click()
    expect(page.get_by_role("link", name="차량등록증.png")).to_be_visible()
    look(page, "national-papers", axe)
    page.get_by_role("link", name="다음: 확인하고 제출").click()
    expect(page.get_by_text("모두 채웠습니다")).to_be_visible()
    look(page, "national-hand-in", axe)
    page.get_by_role("button", name="신청서 내기").click()
    expect(page.get_by_text("신청서를 받았습니다")).to_be_visible()


def photograph(page: Page, folder: Path, name: str) -> Path:
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    return path


def take_up_both(page: Page, axe: Check) -> None:
    """The step of the desk for many: nobody declares and takes up case by case."""
    page.goto("/office/applications")
    for box in page.locator("input[name=case]").all():
        box.check()
    page.get_by_role("button", name="검토 시작").click()
    expect(page.get_by_role("button", name="미리 보기")).to_be_visible()
    page.get_by_label("이해관계").check()
    page.get_by_role("button", name="미리 보기").click()
    expect(page.get_by_role("button", name="2건 처리하기")).to_be_visible()
    look(page, "national-preview", axe)
    page.get_by_role("button", name="2건 처리하기").click()
    expect(page.get_by_text("처리 끝남")).to_be_visible(timeout=20_000)


def review(page: Page, shop: str, axe: Check) -> None:
    page.goto("/office/applications")
    page.get_by_role("link", name=shop).click()
    expect(page.get_by_role("link", name="결재 올리기")).to_be_visible()
    look(page, f"national-case-{shop}", axe)
    whole.recommend(page)


def hand_in_log(page: Page, axe: Check, folder: Path) -> None:
    page.goto("/my/")
    look(page, "national-told-to-prove", axe)
    page.get_by_role("main").get_by_role("link", name="증빙 내기").first.click()
    expect(page.get_by_label("누가 준 문서인가요?")).to_be_visible()
    page.get_by_label("자체배달 대장").check()
    page.get_by_label("누가 준 문서인가요?").select_option(label="자체배달")
    page.get_by_label("어느 달의 거래인가요?").fill("2025-04")
    page.get_by_label("문서의 합계 금액").fill("60,000")
    page.get_by_label("문서 파일").set_input_files(photograph(page, folder, "배달대장"))
    look(page, "national-log", axe)
    page.get_by_role("button", name="증빙 내기").click()
    expect(page.get_by_text("증빙을 냈습니다")).to_be_visible()


def read_off(first: Page, second: Page, axe: Check) -> None:
    first.goto("/office/evidence?status=submitted")
    first.get_by_role("link", name="배달분식").click()
    first.get_by_role("link", name="줄 적기").click()
    expect(first.get_by_text("직접 배달 한 건을 5,000원으로 인정하는 사업입니다")).to_be_visible()
    for number in (1, 2, 3):
        first.get_by_label(f"{number}번째 줄 일", exact=True).fill(str(number))
        first.get_by_label(f"{number}번째 줄 시각").fill("18:30")
        first.get_by_label(f"{number}번째 줄 주문금액").fill("20,000")
    look(first, "national-read-off", axe)
    first.get_by_role("button", name="확인 요청").click()
    expect(first.get_by_text("줄을 적은 사람은 확인할 수 없습니다")).to_be_visible()
    second.goto("/office/evidence?status=entered")
    second.get_by_role("link", name="배달분식").click()
    second.get_by_role("button", name="확인하고 받기").click()
    expect(second.get_by_text("인정한 줄이 정산자료가 되었습니다")).to_be_visible()


def month_of(number: str, month: str, many: int) -> bytes:
    """Deliveries at 3,000 won each, told of a business by its number."""
    return csv_of(
        line(number, f"{month}-{1 + at % 28:02d} 12:{at:02d}", order_no=f"N{month}{at:03d}") for at in range(many)
    )


def test_a_shop_gets_its_whole_grant_without_a_paper_and_another_by_its_log(
    server: Server, new_page: Callable[..., Page], axe: Check, start_worker: Callable[[], None], tmp_path: Path
) -> None:
    officials, owners, numbers = set_the_scene(server)
    fast, verified = new_page(360, 740), new_page(360, 740)
    first, second, approver, payer, releaser = (new_page() for _ in officials)
    for page, login in zip((fast, verified, first, second, approver, payer, releaser), [*owners, *officials],
                           strict=True):  # fmt: skip
        sign_in(page, login)
        page.wait_for_url(lambda url: "/login" not in url)
    start_worker()
    apply_fast(fast, axe)
    apply_verified(verified, axe, tmp_path)
    take_up_both(first, axe)
    for shop in PLACES:
        review(first, shop, axe)
        whole.decide(approver, shop)

    hand_in_log(verified, axe, tmp_path)
    read_off(first, second, axe)
    whole.send(first, tmp_path, "2025-04", month_of(numbers["빠른식당"], "2025-04", 55))
    fast.goto("/my/links")
    expect(fast.get_by_text("연결됨").first).to_be_visible()  # nobody named the store
    look(fast, "national-linked", axe)
    whole.draw_up(first, "2025-04", 2)
    whole.approve_claims(approver, "2025. 4.", 2)
    whole.pay(payer, releaser, lambda _page: None, 2, "2025-06-02")

    whole.send(first, tmp_path, "2025-05", month_of(numbers["빠른식당"], "2025-05", 59))
    whole.draw_up(first, "2025-05", 1)
    whole.approve_claims(approver, "2025. 5.", 1)
    whole.pay(payer, releaser, lambda _page: None, 1, "2025-06-02")
    fast.goto("/my/claims")
    for won in ("165,000원", "135,000원"):  # 300,000 exactly, of 342,000
        expect(fast.get_by_text(won).first).to_be_visible()
    look(fast, "national-paid", axe)
    verified.goto("/my/claims")
    expect(verified.get_by_text("15,000원").first).to_be_visible()
