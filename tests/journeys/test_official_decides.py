"""A case on its way through the office: taken up, supplemented, recommended, approved; and its letter in hand."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from portal.domain.actors import Role
from portal.queries import accounts
from portal.services import supplements
from portal.storage.objects import stores_under
from tests.cases import apply
from tests.factories import AT, PASSWORD, make_official, make_programme
from tests.journeys.conftest import Server
from tests.journeys.looking import tick_all

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


def sign_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()


def prepare(server: Server) -> int:
    """A reviewer, an approver, and a merchant who has applied; two more cases share something with that one."""
    with server.session() as session:
        make_official(session, Role.REVIEWER, name="김검토", login="reviewer@example.kr")
        make_official(session, Role.APPROVER, name="박결재", login="approver@example.kr")
        programme, stores = make_programme(session), stores_under(server.settings.store)
        case = apply(session, stores, programme, trade_name="섬진강 다슬기", account_number="3011234567890")
        case.owner.login = "owner@example.kr"
        apply(session, stores, programme, trade_name="지리산 산채", account_number="3011234567890", requested=320_000)
        return case.id


def answer_supplement(server: Server, case_id: int) -> None:
    with server.session() as session:
        owner = accounts.actor(session, "owner@example.kr")
        supplements.answer(session, case_id, "예금주가 보이는 사본을 다시 올렸습니다.", by=owner, at=AT)


def look(page: Page, name: str, check: Check) -> None:
    check(page)
    if folder := os.environ.get("IEUM_SCREENSHOTS"):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, (name, width, overflow)
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_from_receipt_to_letter(server: Server, new_page: Callable[..., Page], axe: Check, javascript: bool) -> None:
    case_id = prepare(server)
    check = axe if javascript else (lambda _page: None)  # axe is itself a script
    reviewer, approver, owner, anyone = (new_page(javascript=javascript) for _ in range(4))

    sign_in(reviewer, "reviewer@example.kr")
    reviewer.goto("/office/applications")
    look(reviewer, "queue", check)
    reviewer.get_by_label("상호").fill("다슬기")
    reviewer.get_by_role("button", name="조회").click()
    expect(reviewer.get_by_text("지리산 산채")).to_have_count(0)
    reviewer.get_by_role("link", name="섬진강 다슬기").click()
    expect(reviewer.get_by_text("확인 필요").first).to_be_visible()
    look(reviewer, "case", check)
    reviewer.get_by_role("button", name="검토 시작").click()

    reviewer.get_by_role("link", name="보완 요구", exact=True).click()
    reviewer.get_by_label("보완 기간").fill("99")
    reviewer.get_by_role("button", name="보완 요구 보내기").click()
    expect(reviewer.get_by_role("alert")).to_be_visible()
    look(reviewer, "supplement", check)
    reviewer.get_by_label("보완할 사항").fill("통장 사본의 예금주가 보이지 않습니다.\n예금주가 보이게 다시 내 주세요.")
    reviewer.get_by_role("checkbox", name="통장 사본").check()
    reviewer.get_by_role("checkbox", name="통장 사본").check()
    reviewer.get_by_label("보완 기간").fill("7")
    reviewer.get_by_role("button", name="보완 요구 보내기").click()
    expect(reviewer.get_by_text("2026. 6. 22.").first).to_be_visible()
    answer_supplement(server, case_id)

    reviewer.reload()
    reviewer.get_by_role("link", name="결재 올리기").click()
    look(reviewer, "recommend", check)
    tick_all(reviewer, "결재 올리기")
    reviewer.get_by_label("선정(교부)").check()
    reviewer.get_by_label("검토 내용").fill("요건을 모두 갖추었습니다.")
    reviewer.get_by_role("button", name="결재 올리기").click()
    expect(reviewer.get_by_text("결재를 올렸습니다.")).to_be_visible()
    expect(reviewer.get_by_role("link", name="교부 결정")).to_have_count(0)

    sign_in(approver, "approver@example.kr")
    approver.goto(f"/office/applications/{case_id}")
    approver.get_by_role("link", name="불선정 결정").click()
    look(approver, "reject", check)
    approver.get_by_role("link", name="사건 화면").click()
    approver.get_by_role("link", name="다시 검토").click()
    look(approver, "return", check)
    approver.get_by_role("link", name="취소").click()
    approver.get_by_role("link", name="교부 결정").click()
    look(approver, "approve", check)
    approver.get_by_role("button", name="교부 결정").click()
    expect(approver.get_by_text("교부결정통지서를 보냈습니다").first).to_be_visible()
    look(approver, "decided", check)

    sign_in(owner, "owner@example.kr")
    owner.goto("/my/letters")
    look(owner, "letters", check)
    with owner.expect_download() as download:
        owner.get_by_role("link", name="교부결정통지서").click()
    letter = Path(download.value.path()).read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages)
    assert "금500,000원(금오십만원)" in text
    assert "섬진강 다슬기" in text

    owner.get_by_role("link", name="진위 확인").first.click()
    code = owner.url.rsplit("/", 1)[-1]
    anyone.goto("/verify")
    look(anyone, "find", check)
    anyone.get_by_label("확인번호").fill(code.lower())
    anyone.get_by_role("button", name="확인").click()
    expect(anyone.get_by_text("보낸 그대로 보관되어 있습니다")).to_be_visible()
    anyone.get_by_label("가지고 있는 PDF").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter}
    )
    anyone.get_by_role("button", name="비교하기").click()
    expect(anyone.get_by_text("일치합니다")).to_be_visible()
    look(anyone, "verified", check)
    anyone.goto("/verify/AAAA-BBBB-CCCC-DDDD")
    look(anyone, "unknown", check)
