"""Two officials stop payments from the menu, everybody else goes on working, two others let the money out again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from portal.models.accounts import User
from portal.services import payments
from portal.storage.objects import stores_under
from tests import approved_claims as world
from tests.factories import AT, actor, make_official
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.menu import follow
from tests.journeys.test_payment import sign_in

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]
STOPS = "/office/payments/stop"


def set_the_scene(server: Server) -> dict[str, str]:
    """A run that could leave, and the logins of all who meet the stop."""
    with server.session() as session:
        office, stores = world.open_office(session), stores_under(server.settings.store)
        (claim,) = world.make_claims(session, stores, office, [123_450])
        payments.prepare(session, world.CODE, by=actor(office.payer), at=AT)
        people = {
            "approver": office.approver,
            "payer": office.payer,
            "releaser": office.releaser,
            "third": make_official(session, Role.PAYER, name="경리팀장"),
            "owner": session.get_one(User, claim.merchant.owner_id),
        }
        return {who: user.login for who, user in people.items()}


def test_payments_stop_and_go_on_by_four_people(server: Server, new_page: Callable[..., Page], axe: Check) -> None:
    logins = set_the_scene(server)
    pages = {who: new_page(360 if who == "owner" else 1280) for who in logins}
    for who, page in pages.items():
        sign_in(page, logins[who])
    stop(pages["approver"], pages["payer"])
    nothing_leaves_and_the_rest_goes_on(pages["releaser"], pages["approver"], pages["owner"])
    let_go_on(pages["payer"], pages["releaser"], pages["third"], axe)
    pages["releaser"].goto("/office/payments/1/release")
    pages["releaser"].get_by_label("지급 건수와 합계").check()
    pages["releaser"].get_by_role("button", name="지급 내보내기").click()
    expect(pages["releaser"].get_by_role("link", name="은행 파일 내려받기")).to_be_visible()


def stop(approver: Page, payer: Page) -> None:
    """An approver, who sees no payments, finds the button in the menu; a payer is told of it and confirms."""
    follow(approver, "지급 중지")
    approver.get_by_role("button", name="지급 중지 요청").click()
    expect(approver.get_by_role("alert")).to_contain_text("이 항목을 입력해 주세요")
    approver.get_by_label("사유").fill("한 가게에 두 번 나가려고 합니다.")
    approver.get_by_role("button", name="지급 중지 요청").click()
    expect(approver.get_by_text("다른 사람이 확인하면 지급이 멈춥니다")).to_be_visible()
    expect(approver.get_by_role("button", name="지급 중지", exact=True)).to_have_count(0)
    payer.goto("/office/payments")
    expect(payer.get_by_text("지급 중지를 요청한 사람이 있습니다")).to_be_visible()
    payer.get_by_role("link", name="확인하기").click()
    payer.get_by_role("button", name="지급 중지", exact=True).click()
    expect(payer.get_by_text("지급을 중지했습니다")).to_be_visible()


def nothing_leaves_and_the_rest_goes_on(releaser: Page, approver: Page, owner: Page) -> None:
    releaser.goto("/office/payments/1/release")
    expect(releaser.get_by_text("우리 기관의 지급이 중지되어 있습니다")).to_be_visible()
    expect(releaser.get_by_role("button", name="지급 내보내기")).to_have_count(0)
    approver.goto("/office/applications")
    expect(approver.get_by_role("heading", name="신청 처리", level=1)).to_be_visible()
    owner.goto("/my/claims")
    expect(owner.get_by_text("123,450원")).to_be_visible()


def let_go_on(payer: Page, releaser: Page, third: Page, axe: Check) -> None:
    """Whoever stopped cannot; another asks and says what was mended, and one more agrees."""
    payer.goto(STOPS)
    expect(payer.get_by_text("지금은 다른 사람이 할 차례입니다")).to_be_visible()
    releaser.goto(STOPS)
    releaser.get_by_label("사유").fill("한 건을 목록에서 뺐습니다.")
    releaser.get_by_role("button", name="지급 재개 요청").click()
    expect(releaser.get_by_role("button", name="지급 재개", exact=True)).to_have_count(0)
    third.goto(STOPS)
    expect(third.get_by_text("재개를 요청한 사유: 한 건을 목록에서 뺐습니다.")).to_be_visible()
    look(third, "stop-restart", axe)
    third.get_by_role("button", name="지급 재개", exact=True).click()
    expect(third.get_by_text("지급을 재개했습니다")).to_be_visible()
