"""A request for supplement is in the owner's inbox; its mail finds no address, which the owner mends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from portal import notice_jobs
from portal.app import create_app
from portal.domain.actors import Role
from portal.services import reviews
from portal.storage.objects import stores_under
from tests import approved_claims as world
from tests import cases
from tests.factories import AT, actor, make_official
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.menu import follow
from tests.journeys.test_payment import sign_in
from tests.mailbox import Mailbox, receiving

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]


def set_the_scene(server: Server) -> dict[str, str]:
    """A case that its reviewer has taken up, and the logins of all who meet what is told of it."""
    with server.session() as session:
        office, stores = world.open_office(session), stores_under(server.settings.store)
        case = cases.apply(session, stores, office.programme, trade_name="섬진강 국밥")
        reviews.take_up(session, case.id, by=actor(office.reviewer), at=AT)
        admin = make_official(session, Role.ADMINISTRATOR, name="관리자")
        return {"owner": case.owner.login, "reviewer": office.reviewer.login, "admin": admin.login}


def send(server: Server, box: Mailbox) -> None:
    """The worker's round, some minutes later: the server's clock has gone on meanwhile."""
    with time_machine.travel(AT + timedelta(minutes=10), tick=True):
        notice_jobs.tell(create_app(replace(server.settings, mail=box.access())))


def test_a_request_is_told_comes_back_and_is_mended(server: Server, new_page: Callable[..., Page], axe: Check) -> None:
    logins = set_the_scene(server)
    phone, desk, admin = new_page(360, 740), new_page(), new_page()
    sign_in(desk, logins["reviewer"])
    desk.goto("/office/applications/1/supplement")
    desk.get_by_label("보완할 사항").fill("통장 사본이 흐립니다. 다시 올려 주세요.")
    desk.get_by_role("checkbox", name="통장 사본").check()
    desk.get_by_role("button", name="보완 요구 보내기").click()
    expect(desk.get_by_role("heading", name="섬진강 국밥")).to_be_visible()
    with receiving(Mailbox(answers={"RCPT": ["550 5.1.1 no such user"] * 2})) as box:
        send(server, box)
        sign_in(phone, logins["owner"])
        expect(phone.get_by_text("메일이나 문자가 도착하지 않습니다")).to_be_visible()
        look(phone, "notices-home", axe)
        phone.get_by_role("link", name="알림 설정에서 고치기").click()
        look(phone, "notices-settings", axe)
        phone.get_by_label("메일 주소").fill("owner@example.kr")
        phone.get_by_role("button", name="저장").click()
        expect(phone.get_by_text("메일이나 문자가 도착하지 않습니다")).to_have_count(0)
        look(phone, "notices-inbox", axe)
        phone.get_by_role("link", name="보완할 것이 있습니다").click()
        phone.get_by_role("link", name="보완하기").first.click()
        phone.locator("#answer").fill("다시 올렸습니다.")
        phone.get_by_role("button", name="보완 내용 내기").click()
        expect(phone.get_by_role("link", name="보완하기")).to_have_count(0)
        sign_in(admin, logins["admin"])
        follow(admin, "보낸 알림")
        look(admin, "notices-log", axe)
        admin.get_by_role("button", name="다시 보내기").first.click()
        expect(admin.get_by_text("다시 보냅니다")).to_be_visible()
        send(server, box)
        assert {to for _, to, _ in box.took} == {"owner@example.kr"}
    admin.goto("/office/messages")
    expect(admin.get_by_role("cell", name="보냄").first).to_be_visible()
    desk.goto("/inbox")
    desk.get_by_role("link", name="보완 자료가 들어왔습니다").click()
    expect(desk.get_by_role("heading", name="섬진강 국밥")).to_be_visible()
