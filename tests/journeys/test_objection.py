"""An objection: raised on the phone against a rejection, answered by two others, and the application is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.storage.objects import stores_under
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in
from tests.objecting import ANSWER, PURPORT, REASONS, open_chamber

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]


def set_the_scene(server: Server) -> tuple[str, str, str, str]:
    """A rejected application, and the logins of its owner, of who recommended that, and of two who did not."""
    with server.session() as session:
        chamber = open_chamber(session, stores_under(server.settings.store))
        case = chamber.rejected(trade_name="섬진강 국밥")
        people = case.owner, chamber.reviewer, chamber.handler, chamber.decider
        return people[0].login, people[1].login, people[2].login, people[3].login


def test_a_rejection_is_objected_to_on_the_phone_and_put_back(
    server: Server, new_page: Callable[..., Page], axe: Check
) -> None:
    merchant, before, handler, decider = new_page(360), new_page(), new_page(), new_page()
    for page, login in zip((merchant, before, handler, decider), set_the_scene(server), strict=True):
        sign_in(page, login)
    merchant.goto("/my/letters")
    look(merchant, "objection-letters", axe)
    merchant.get_by_role("link", name="이의신청하기").click()
    merchant.get_by_role("button", name="이의신청 내기").click()
    expect(merchant.get_by_role("alert")).to_contain_text("무엇을 바라시나요?")
    merchant.get_by_label("무엇을 바라시나요? (취지)").fill(PURPORT)
    merchant.get_by_label("왜 그렇게 생각하시나요? (이유)").fill(REASONS)
    look(merchant, "objection-form", axe)
    merchant.get_by_role("button", name="이의신청 내기").click()
    expect(merchant.get_by_text("2026. 6. 29.까지 결과를 알려 드립니다")).to_be_visible()
    look(merchant, "objection-filed", axe)
    before.goto("/office/objections")
    before.locator("tbody a").first.click()
    expect(before.get_by_text("참여한 사람이라")).to_be_visible()
    look(before, "objection-apart", axe)
    handler.goto("/office/objections")
    look(handler, "objection-register", axe)
    handler.locator("tbody a").first.click()
    handler.get_by_role("button", name="심사 시작").click()
    look(handler, "objection-taken-up", axe)
    handler.get_by_role("link", name="심사 결과 올리기").click()
    handler.get_by_label("인용 (모두 받아들임)").check()
    handler.get_by_label("그렇게 정한 사유").fill(ANSWER)
    look(handler, "objection-draft", axe)
    handler.get_by_role("button", name="심사 결과 올리기").click()
    decider.goto(handler.url)
    decider.get_by_role("link", name="이의신청 결재").click()
    look(decider, "objection-decide", axe)
    decider.get_by_label("이의신청서와 심사 결과를 모두 읽었습니다.").check()
    decider.get_by_role("button", name="인용 결정").click()
    expect(decider.get_by_text("결과 통지서를 보냈습니다")).to_be_visible()
    look(decider, "objection-granted", axe)
    merchant.reload()
    expect(merchant.get_by_text("이의신청을 받아들였습니다")).to_be_visible()
    look(merchant, "objection-result", axe)
    merchant.goto("/my/applications/1")
    expect(merchant.get_by_text("신청서를 받았습니다")).to_be_visible()
    look(merchant, "objection-application", axe)
