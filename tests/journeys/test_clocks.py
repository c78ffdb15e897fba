"""Time at the office: extended once and once more with consent, a supplement twice and the return, a new holiday."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from portal.domain.actors import Role
from portal.domain.applications import SupplementRequest
from portal.services import reviews
from portal.storage.objects import stores_under
from tests.cases import apply
from tests.factories import AT, actor, make_official, make_programme
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_official_decides import sign_in

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
REASON = "현지 확인을 한 번 더 해야 합니다."


def prepare(server: Server) -> tuple[int, int]:
    """A case under review, one that was asked for a supplement a while ago, and one that was asked twice in vain."""
    with server.session() as session:
        reviewer = make_official(session, Role.REVIEWER, name="김검토", login="reviewer@example.kr")
        make_official(session, Role.APPROVER, name="박결재", login="approver@example.kr")
        for name in ("가", "나"):
            make_official(session, Role.MANAGER, name=f"담당{name}", login=f"manager-{name}@example.kr")
        programme, stores, by = make_programme(session), stores_under(server.settings.store), actor(reviewer)
        came = AT - timedelta(days=13)  # Tuesday 2 June
        running = apply(session, stores, programme, trade_name="섬진강 다슬기", at=came)
        running.owner.login = "owner@example.kr"
        silent = apply(session, stores, programme, trade_name="지리산 산채", at=came)
        silent.owner.login = "silent@example.kr"
        for case in (running, silent):
            reviews.take_up(session, case.id, by=by, at=came)
        lost = apply(session, stores, programme, trade_name="노고단 분식", at=came)
        lost.owner.login = "lost@example.kr"
        reviews.take_up(session, lost.id, by=by, at=came)
        command = SupplementRequest("통장 사본의 예금주가 보이지 않습니다.", 2)
        for case, days in ((silent, 0), (lost, 0), (lost, 6)):
            at = came + timedelta(days=days)
            reviews.request_supplement(session, stores, case.id, command, by=by, at=at)
        return running.id, lost.id


def read_letter(page: Page, title: str) -> str:
    page.goto("/my/letters")
    with page.expect_download() as download:
        page.get_by_role("link", name=title).first.click()
    return "".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages)


def extend(page: Page, case_id: int, check: Check, name: str) -> None:
    page.goto(f"/office/applications/{case_id}#clock")
    page.get_by_role("link", name="늘리기").click()
    look(page, name, check)
    page.get_by_label("늘릴 기간").fill("5")
    page.get_by_label("연장 사유").fill(REASON)
    page.get_by_role("button", name="늘리기").or_(page.get_by_role("button", name="동의 구하기")).click()


def test_time_is_kept_extended_and_runs_out(server: Server, new_page: Callable[..., Page], axe: Check) -> None:
    running, _lost = prepare(server)
    reviewer, owner = (new_page() for _ in range(2))
    sign_in(reviewer, "reviewer@example.kr")
    sign_in(owner, "owner@example.kr")

    # once as the office decides
    extend(reviewer, running, axe, "extension")
    expect(reviewer.get_by_text("처리기간을 늘리고 통지서를 보냈습니다.")).to_be_visible()
    expect(reviewer.get_by_text("2026. 6. 29.까지 답해야 합니다.")).to_be_visible()
    look(reviewer, "case-clock", axe)
    assert REASON in read_letter(owner, "처리기간 연장 통지서").replace("\n", " ")

    # once more, when the applicant says yes
    extend(reviewer, running, axe, "extension-again")
    expect(reviewer.get_by_text("신청인에게 동의를 구하는 문서를 보냈습니다.")).to_be_visible()
    owner.goto(f"/my/applications/{running}")
    look(owner, "consent-asked", axe)
    owner.get_by_role("link", name="답하기").click()
    look(owner, "consent", axe)
    owner.get_by_role("button", name="답 보내기").click()
    expect(owner.get_by_role("alert")).to_be_visible()
    owner.get_by_label("동의합니다").check()
    owner.get_by_role("button", name="답 보내기").click()
    expect(owner.get_by_text("답을 보냈습니다.")).to_be_visible()
    owner.get_by_text("결과를 알려 드리는 날을 센 방법").click()
    expect(owner.get_by_role("cell", name="늘린 기간의 일하는 날").first).to_be_visible()
    look(owner, "how-counted", axe)

    # a supplement that ran out is asked for once more; the other reviewer's page is told of it and keeps its text
    reviewer.goto("/office/applications?view=answer_late")
    look(reviewer, "queue-late", axe)
    reviewer.get_by_role("link", name="지리산 산채").click()
    reviewer.get_by_role("link", name="다시 보완 요구").click()
    look(reviewer, "ask-again", axe)
    beside = reviewer.context.new_page()
    beside.goto(reviewer.url)
    for page in (reviewer, beside):
        page.get_by_label("보완할 사항").fill("예금주가 보이는 통장 사본을 내 주세요.")
        page.get_by_role("checkbox", name="통장 사본").check()
        page.get_by_label("보완 기간").fill("1")
    reviewer.get_by_role("button", name="보완 요구 보내기").click()
    expect(reviewer.get_by_text("보완요구서를 보냈습니다.")).to_be_visible()
    beside.get_by_role("button", name="보완 요구 보내기").click()
    expect(beside.get_by_text("보완은 두 번까지만 요구할 수 있습니다.").first).to_be_visible()
    expect(beside.get_by_label("보완할 사항")).to_have_value("예금주가 보이는 통장 사본을 내 주세요.")
    look(beside, "second-comes-late", axe)


def test_what_was_asked_for_twice_in_vain_is_returned(
    server: Server, new_page: Callable[..., Page], axe: Check
) -> None:
    _running, lost = prepare(server)
    approver, owner = (new_page() for _ in range(2))
    sign_in(owner, "lost@example.kr")
    owner.goto(f"/my/applications/{lost}/supplement")
    look(owner, "late-supplement", axe)
    sign_in(approver, "approver@example.kr")
    approver.goto("/office/applications?view=my_turn")
    look(approver, "approver-turn", axe)
    approver.get_by_role("link", name="노고단 분식").click()
    approver.get_by_role("link", name="반려", exact=True).click()
    approver.get_by_label("반려 사유").fill("두 차례 요구했으나 예금주가 보이는 통장 사본을 내지 않았습니다.")
    look(approver, "return-form", axe)
    approver.get_by_role("button", name="반려", exact=True).click()
    expect(approver.get_by_text("반려 통지서를 보냈습니다.")).to_be_visible()
    look(approver, "returned-case", axe)
    # what the applicant was still writing is refused in words, and not lost
    owner.get_by_label("무엇을 고치거나").fill("이제 올렸습니다.")
    owner.get_by_role("button", name="보완 내용 내기").click()
    expect(owner.get_by_label("무엇을 고치거나")).to_have_value("이제 올렸습니다.")
    owner.goto(f"/my/applications/{lost}")
    look(owner, "returned-merchant", axe)
    letter = read_letter(owner, "반려 통지서").replace("\n", " ")
    assert "통장 사본을 내지 않았습니다" in letter
    assert "이의신청" in letter


def test_the_applicant_gets_more_time(server: Server, new_page: Callable[..., Page], axe: Check) -> None:
    prepare(server)
    reviewer, owner = new_page(), new_page(360)
    sign_in(reviewer, "reviewer@example.kr")
    reviewer.goto("/office/applications")
    reviewer.get_by_role("link", name="섬진강 다슬기").click()
    reviewer.get_by_role("link", name="보완 요구", exact=True).click()
    reviewer.get_by_label("보완할 사항").fill("통장 사본의 예금주가 보이지 않습니다.")
    reviewer.get_by_role("checkbox", name="통장 사본").check()
    reviewer.get_by_role("checkbox", name="통장 사본").check()
    reviewer.get_by_role("button", name="보완 요구 보내기").click()
    expect(reviewer.get_by_text("시간이 멈춰 있습니다.")).to_be_visible()
    sign_in(owner, "owner@example.kr")
    owner.get_by_role("link", name="보완하기").click()
    owner.get_by_role("link", name="기한 안에 내기 어려우면").click()
    owner.get_by_label("더 필요한 날수").fill("7")
    owner.get_by_label("이유").fill("세무서 서류가 다음 주에 나옵니다.")
    look(owner, "more-time", axe)
    owner.get_by_role("button", name="기한 늘리기").click()
    expect(owner.get_by_text("보완 기한을 2026. 6. 29.까지 늘렸습니다.")).to_be_visible()
    assert "2026. 6. 29.까지" in read_letter(owner, "보완기한 연장 안내")


def test_a_holiday_is_proposed_confirmed_and_moves_a_case(
    server: Server, new_page: Callable[..., Page], axe: Check
) -> None:
    running, _lost = prepare(server)
    first, second, reviewer = (new_page() for _ in range(3))
    sign_in(first, "manager-가@example.kr")
    first.goto("/office/holidays")
    look(first, "holidays", axe)
    first.get_by_role("link", name="쉬는 날 바꾸기").click()
    look(first, "holiday-new", axe)
    first.get_by_label("날짜").fill("2026-06-18")
    first.get_by_label("이름").fill("임시공휴일")
    first.get_by_label("사유").fill("국무회의에서 정했습니다.")
    first.get_by_role("button", name="확인 요청").click()
    expect(first.get_by_role("button", name="확인", exact=True)).to_have_count(0)
    sign_in(second, "manager-나@example.kr")
    second.goto("/office/holidays")
    second.get_by_role("button", name="확인", exact=True).click()
    expect(second.get_by_text("처리기한을 옮긴 신청 1건")).to_be_visible()
    look(second, "holidays-changed", axe)
    sign_in(reviewer, "reviewer@example.kr")
    reviewer.goto(f"/office/applications/{running}")
    expect(reviewer.get_by_text("2026. 6. 23.까지 답해야 합니다.")).to_be_visible()
    expect(reviewer.get_by_text("2026. 6. 22. → 2026. 6. 23. (2026. 6. 18. 임시공휴일)")).to_be_visible()
