"""Services in kind: a firm proposes and is scored; a merchant chooses on a phone, confirms, and the firm is paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from portal.storage.objects import stores_under
from tests import in_kind
from tests.in_kind import INVOICED, Ministry
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
FIRM = {
    "회사 이름": "주식회사 플랫폼",
    "사업자등록번호": "124-81-00998",
    "대표자": "김대표",
    "수행 계획": "전담팀 5명이 점포마다 방문합니다.",
    "계좌번호": "123456789012",
    "예금주": "주식회사 플랫폼",
}


@pytest.fixture
def at() -> datetime:
    return INVOICED


def set_the_scene(server: Server) -> tuple[str, ...]:
    """A firm with an agreement and a merchant with a grant; logins of merchant, firm, reviewer, approver and payer."""
    with server.session() as session:
        ministry = Ministry(session, stores_under(server.settings.store))
        ministry.agreed()
        case = ministry.granted()
        users = case.owner, ministry.clerks["syrup"], ministry.reviewer, ministry.approver, ministry.payer
        return tuple(user.login for user in users)


def test_a_service_is_chosen_given_confirmed_invoiced_and_put_into_a_payment_run(
    server: Server, new_page: Callable[..., Page], axe: Check
) -> None:
    merchant, firm, reviewer, approver, payer = new_page(360), new_page(), new_page(), new_page(), new_page()
    for page, login in zip((merchant, firm, reviewer, approver, payer), set_the_scene(server), strict=True):
        sign_in(page, login)
    merchant.goto("/my/services")
    look(merchant, "services-catalogue", axe)
    merchant.get_by_role("main").get_by_role("link", name="고르기").click()
    merchant.get_by_label("내용과 제가 낼 부가가치세를").check()
    look(merchant, "services-choose", axe)
    merchant.get_by_role("button", name="이 서비스 고르기").click()
    expect(merchant.get_by_role("status")).to_contain_text("서비스를 골랐습니다")
    chosen = merchant.url
    firm.goto("/platform/service-passes")
    look(firm, "services-to-give", axe)
    firm.get_by_role("link", name="SP26-").click()
    firm.get_by_label("무엇을 드렸나요?").fill(in_kind.DELIVERED)
    look(firm, "services-report", axe)
    firm.get_by_role("button", name="제공했다고 알리기").click()
    merchant.goto("/inbox")
    expect(merchant.get_by_role("main")).to_contain_text("받으셨는지 확인해 주세요")
    reviewer.goto("/office/service-passes")
    look(reviewer, "services-waiting", axe)
    reviewer.get_by_role("link", name="SP26-").click()
    expect(reviewer.get_by_role("main")).to_contain_text("그 뒤에 담당자가 판단할 수 있습니다")
    look(reviewer, "services-waiting-one", axe)
    merchant.goto(chosen)
    look(merchant, "services-reported", axe)
    merchant.get_by_role("button", name="예, 받았습니다").click()
    expect(merchant.get_by_role("status")).to_contain_text("받았다고 확인했습니다")
    firm.goto("/platform/invoices")
    firm.get_by_role("link", name="대금 청구하기").click()
    firm.get_by_label("전자세금계산서 승인번호").fill("20260901-41000012-00000001")
    firm.get_by_label("작성일자").fill("2026-09-01")
    look(firm, "services-invoice", axe)
    firm.get_by_role("button", name="대금 청구하기").click()
    look(firm, "services-invoiced", axe)
    reviewer.goto("/office/invoices")
    look(reviewer, "services-invoices", axe)
    reviewer.get_by_role("link", name="20260901-41000012-00000001").click()
    reviewer.get_by_role("button", name="접수하여 지급할 금액 올리기").click()
    expect(reviewer.get_by_role("status")).to_contain_text("접수하여")
    look(reviewer, "services-accepted", axe)
    reviewer.get_by_role("link", name="되돌리기 결재 올리기").click()
    reviewer.get_by_label("되돌리는 사유").fill("청구가 겹치는 것으로 보입니다.")
    look(reviewer, "services-taking-back", axe)
    reviewer.get_by_role("button", name="되돌리기 결재 올리기").click()
    expect(reviewer.get_by_role("status")).to_contain_text("되돌리기를 올렸습니다")
    approver.goto("/office/invoices")
    approver.get_by_role("link", name="20260901-41000012-00000001").click()
    approver.get_by_role("link", name="되돌리지 않기").click()
    approver.get_by_label("되돌리지 않는 사유").fill("겹치지 않습니다.")
    approver.get_by_role("button", name="되돌리지 않기").click()
    expect(approver.get_by_role("status")).to_contain_text("되돌리지 않기로 했습니다")
    approver.goto("/office/claims/mss-2020-o2o/2026-09")
    approver.get_by_role("button", name="1건 모두 승인하기").click()
    expect(approver.get_by_role("status")).to_contain_text("지원금 1건을 승인했습니다")
    payer.goto("/office/payments")
    look(payer, "services-payments", axe)


def test_a_firm_proposes_and_is_scored(server: Server, new_page: Callable[..., Page], axe: Check) -> None:
    text = in_kind.TEXT.replace("proposals_to = 2026-06-30", "proposals_to = 2026-09-30")
    with server.session() as session:
        ministry = Ministry(session, stores_under(server.settings.store), text)
        ministry.firm("syrup")
        logins = ministry.clerks["syrup"].login, ministry.first.login, ministry.approver.login
    firm, assessor, approver = new_page(), new_page(360), new_page()
    for page, login in zip((firm, assessor, approver), logins, strict=True):
        sign_in(page, login)
    firm.goto("/platform/proposals")
    look(firm, "proposals", axe)
    firm.get_by_role("link", name="제안하기").click()
    for label, words in FIRM.items():
        firm.get_by_label(label).fill(words)
    firm.get_by_label("은행").select_option("004")
    firm.get_by_label("위 참여 조건을").check()
    look(firm, "proposal-form", axe)
    firm.get_by_role("button", name="저장").click()
    firm.get_by_role("link", name="서비스 더하기").click()
    firm.get_by_label("서비스의 종류").select_option("leaflet")
    firm.get_by_label("서비스 이름").fill("전단 2천 장")
    firm.get_by_label("무엇을 언제까지 드리나요?").fill("시안을 확인한 날부터 7일 안에 드립니다.")
    firm.get_by_label("공급가액").fill("250,000")
    look(firm, "proposal-offer", axe)
    firm.get_by_role("button", name="서비스 더하기").click()
    firm.get_by_role("button", name="제안서 내기").click()
    look(firm, "proposal-handed-in", axe)
    assessor.goto("/office/proposals")
    look(assessor, "proposals-received", axe)
    assessor.get_by_role("link", name="주식회사 플랫폼").click()
    assessor.get_by_role("link", name="평가하기").click()
    for label, points in (("서비스의 적합성", "45"), ("수행 능력", "25"), ("가격과 추가 지원", "15")):
        assessor.get_by_label(label).fill(points)
    assessor.get_by_label("제안서를 읽고").check()
    assessor.get_by_label("이해관계가 없습니다").check()
    look(assessor, "proposal-sheet", axe)
    assessor.get_by_role("button", name="평가표 내기").click()
    expect(assessor.get_by_role("status")).to_contain_text("평가표를 냈습니다")
    approver.goto("/office/proposals/mss-2020-o2o/choice")
    look(approver, "proposal-choice", axe)
