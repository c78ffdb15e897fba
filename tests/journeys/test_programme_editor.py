"""A programme from a template to the first payment: written, contradicting itself, mended, published, applied for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from tests.applying import PDF, register
from tests.factories import PASSWORD, make_merchant_user, make_official
from tests.journeys import test_main_journey as whole
from tests.journeys.conftest import Server
from tests.journeys.looking import look, tick_all

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
Axe = Callable[[Page], None]
SHOP = "구례식당"
HOW, TIMES = "어떻게 배달하나요?", "한 달에 몇 번 배달하나요?"
NAME = "2026 구례군 배달수수료 지원"
PAPERS = ("사업자등록증", "통장 사본", "배달내역")


def sign_in(page: Page, login: str) -> Page:
    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="저장", exact=True).click()


def back(page: Page) -> None:
    page.locator(".ie-back a").click()


def begin(page: Page, axe: Axe) -> None:
    page.goto("/office/programmes")
    page.get_by_role("link", name="새로 쓰기").click()
    look(page, "editor-new", axe)
    page.get_by_label("소상공인 배달수수료 지원 사업", exact=True).check()
    page.get_by_role("button", name="초안 만들기").click()
    look(page, "editor-draft", axe)


def write(page: Page, axe: Axe) -> None:
    """The call in this county's words; a budget whose shares do not add up is said, and mended from the list."""
    page.get_by_role("link", name="공고문과 일정").click()
    page.get_by_label("사업 이름").fill(NAME)
    page.get_by_label("신청 시작일").fill("2026-06-01")
    look(page, "editor-call", axe)
    save(page)
    page.get_by_role("link", name="재원과 예산").click()
    page.get_by_label("군비의 비율").fill("70")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("모두 더하면 1(100%)")
    look(page, "editor-budget", axe)
    back(page)
    look(page, "editor-contradiction", axe)
    expect(page.get_by_text("고칠 점이 남아 있어 아직 넘길 수 없습니다.")).to_be_visible()
    page.get_by_role("link", name="재원의 비율", exact=True).click()
    expect(page.locator("#national")).to_be_focused()  # where the link leads: what is typed before goes there
    page.get_by_label("군비의 비율").fill("100")
    save(page)
    expect(page.get_by_text("저장했습니다: 재원과 예산")).to_be_visible()


def see_and_try(page: Page, axe: Axe) -> None:
    for link, name in (("자격 요건", "editor-eligibility"), ("지원 항목과 한도", "editor-items")):
        page.get_by_role("link", name=link, exact=True).click()
        look(page, name, axe)
        page.get_by_role("table").get_by_role("link").first.click()
        look(page, f"{name}-one", axe)
        back(page)
    page.get_by_role("link", name="신청인이 보는 대로 미리보기").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    look(page, "editor-preview", axe)
    page.get_by_role("link", name="신청하기").click()
    look(page, "editor-preview-form", axe)
    page.get_by_role("link", name="초안으로 돌아가기").click()
    page.get_by_role("link", name="가상의 가게로 시험하기").click()
    page.locator("#region_code").select_option(label="토지면")
    page.get_by_label("상시 근로자 수").fill("2")
    page.get_by_role("button", name="시험하기").click()
    expect(page.get_by_text("이달의 지원금")).to_be_visible()
    look(page, "editor-trial", axe)
    back(page)


def ask(page: Page, axe: Axe) -> None:
    """Two ways to apply, and two questions of which one is only for those who deliver themselves."""
    page.get_by_role("link", name="신청 방법", exact=True).click()
    for number, (name, code) in enumerate((("신속지급", "fast"), ("확인지급", "verified"))):
        row = page.get_by_role("group", name=f"방법 {number + 1}")
        row.get_by_label("방법 이름").fill(name)
        row.get_by_label("방법 코드").fill(code)
        row.get_by_label("방법의 근거 조문").fill("공고 제7조")
    look(page, "editor-tracks", axe)
    save(page)
    expect(page.get_by_text("저장했습니다: 신청 방법")).to_be_visible()
    page.get_by_role("link", name="신청서 질문", exact=True).click()
    how, times = (page.get_by_role("group", name=f"질문 {number}") for number in (1, 2))
    how.get_by_label("질문", exact=True).fill(HOW)
    how.get_by_label("질문 코드").fill("how")
    how.get_by_label("답하는 방법").select_option("choice")
    how.get_by_label("선택지").fill("배달대행사, 직접 배달")
    times.get_by_label("질문", exact=True).fill(TIMES)
    times.get_by_label("질문 코드").fill("times")
    times.get_by_label("답하는 방법").select_option("number")
    times.get_by_text("일부에게만 여쭐 때의 조건").click()
    times.get_by_label("조건: 앞에 있는 질문의 코드").fill("hou")
    times.get_by_label("조건: 이렇게 답한 경우에만").fill("직접 배달")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("질문이 없습니다")
    look(page, "editor-questions", axe)
    times.get_by_label("조건: 앞에 있는 질문의 코드").fill("how")
    save(page)
    expect(page.get_by_text("저장했습니다: 신청서 질문")).to_be_visible()


def hand_over(page: Page, axe: Axe) -> str:
    page.get_by_label("확인할 점을 모두 읽었고").check()
    page.get_by_role("button", name="게시할 사람에게 넘기기").click()
    expect(page.get_by_text("올린 사람은 게시할 수 없습니다")).to_be_visible()
    look(page, "editor-handed-over", axe)
    return page.url


def answer(page: Page, axe: Axe) -> None:
    """The question that only some are asked appears with the answer that leads to it, and goes with another."""
    page.get_by_label("확인지급").check()
    times = page.get_by_label(TIMES)
    expect(times).to_be_hidden()
    page.get_by_label("직접 배달").check()
    expect(times).to_be_visible()
    look(page, "apply-questions", axe)
    page.get_by_label("배달대행사").check()
    expect(times).to_be_hidden()
    page.get_by_label("직접 배달").check()
    times.fill("30")


def apply(page: Page, folder: Path, axe: Axe) -> None:
    page.goto("/")
    page.get_by_role("link", name=NAME, exact=True).click()
    page.get_by_role("link", name="신청하기").click()
    page.get_by_role("button", name="조건 확인하고 시작하기").click()
    expect(page.get_by_text("지금까지는 조건에 맞습니다")).to_be_visible()
    page.get_by_role("link", name="다음: 확인지급 신청하기").click()
    answer(page, axe)
    page.get_by_label("지원금을 어떻게 쓸지").fill("배달 수수료를 줄이려고 합니다.")
    page.get_by_label("드는 비용 모두").fill("900,000")
    page.get_by_label("신청하는 지원금").fill("800,000")
    page.get_by_label("연락받을 전화번호").fill("010-1234-5678")
    tick_all(page, "신청 내용 적기")
    page.get_by_role("button", name="저장하고 다음으로").click()
    for number, paper in enumerate(PAPERS):
        path = folder / f"{paper}.pdf"
        path.write_bytes(PDF + str(number).encode())
        section = page.get_by_role("region", name=re.compile(paper))
        section.locator("input[type=file]").set_input_files(path)
        section.get_by_role("button", name="올리기").click()
        expect(page.get_by_role("link", name=path.name)).to_be_visible()
    page.get_by_role("link", name="다음: 확인하고 제출").click()
    expect(page.get_by_text(TIMES)).to_be_visible()
    look(page, "apply-check", axe)
    page.get_by_role("button", name="신청서 내기").click()
    expect(page.get_by_text(re.compile(r"HN26-\w{5}-\w{5}-\w{5}"))).to_be_visible()


def test_a_programme_is_written_published_by_another_applied_for_and_paid(
    server: Server, new_page: NewPage, axe: Axe, start_worker: Callable[[], None], tmp_path: Path
) -> None:
    with server.session() as session:
        owner = make_merchant_user(session)
        register(session, owner)
        logins = [make_official(session, Role.MANAGER, name=name).login for name in ("사업담당", "다른담당")]
        merchant = owner.login
        roles = (Role.REVIEWER, Role.APPROVER, Role.PAYER, Role.PAYER)
        officials = [make_official(session, role, name=f"담당{n}").login for n, role in enumerate(roles, 1)]
    start_worker()
    writer = sign_in(new_page(), logins[0])
    begin(writer, axe)
    write(writer, axe)
    see_and_try(writer, axe)
    ask(writer, axe)
    url = hand_over(writer, axe)
    publisher = sign_in(new_page(), logins[1])
    publisher.goto(url)
    publisher.get_by_role("button", name="게시", exact=True).click()
    expect(publisher.get_by_text("이제 이 내용으로 신청을 받고 산정합니다")).to_be_visible()
    owner_page = sign_in(new_page(360, 740), merchant)
    apply(owner_page, tmp_path, axe)
    reviewer, approver, payer, releaser = (sign_in(new_page(), login) for login in officials)
    whole.review(reviewer, SHOP)
    whole.decide(approver, SHOP)
    whole.link(owner_page, reviewer, SHOP)
    whole.settle(reviewer, tmp_path)
    whole.approve_claims(approver)
    whole.pay(payer, releaser, lambda _page: None)
    owner_page.goto("/my/claims")
    expect(owner_page.get_by_text("지급 완료").first).to_be_visible()
    expect(owner_page.get_by_text("12,000원").first).to_be_visible()  # twelve deliveries at 1,000 won
