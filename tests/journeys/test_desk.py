"""A team leader distributes what is nobody's, an officer asks many for the same, and an auditor looks after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from portal.services import reviews
from portal.storage.objects import stores_under
from tests.cases import apply
from tests.distributed import ITEMS, open_team
from tests.factories import AT, actor, make_official
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]


def set_the_scene(server: Server) -> tuple[str, str, str]:
    """Five cases of nobody's and one under review: the logins of the leader, of an officer and of an auditor."""
    with server.session() as session:
        team = open_team(session, stores_under(server.settings.store), cases=0)
        for name in ("섬진강 국밥", "산수유 분식", "구례 다슬기", "지리산 산채", "화엄사 찻집", "오일장 국수"):
            team.cases.append(apply(session, team.stores, team.programme, trade_name=name))
        reviews.take_up(session, team.ids[5], by=actor(team.officers[1]), at=AT)
        auditor = make_official(session, Role.AUDITOR, name="감사관")
        return team.chief.login, team.officers[0].login, auditor.login


def test_cases_are_distributed_asked_and_looked_after_without_a_script(
    server: Server, new_page: Callable[..., Page], axe: Check, start_worker: Callable[[], None]
) -> None:
    chief, officer, auditor = new_page(), new_page(), new_page(javascript=False)
    for page, login in zip((chief, officer, auditor), set_the_scene(server), strict=True):
        sign_in(page, login)
    start_worker()
    chief.goto("/office/workload")
    look(chief, "desk-workload-before", axe)
    chief.get_by_role("link", name="꼬리표 관리").click()
    chief.get_by_label("꼬리표 이름").fill("현장 확인")
    chief.get_by_label("보라").check()
    chief.get_by_role("button", name="꼬리표 만들기").click()
    look(chief, "desk-tags", axe)
    chief.goto("/office/workload")
    chief.get_by_role("link", name="담당자 없는 5건 나누기").click()
    for name in ("담당1", "담당2"):
        chief.get_by_label(name).check()
    look(chief, "desk-assign", axe)
    chief.get_by_role("button", name="미리 보기").click()
    expect(chief.get_by_role("heading", name="누가 몇 건을 맡나")).to_be_visible()
    look(chief, "desk-preview", axe)
    chief.get_by_role("button", name="5건 처리하기").click()
    expect(chief.get_by_text("처리 끝남")).to_be_visible(timeout=20_000)
    look(chief, "desk-done", axe)
    chief.goto("/office/workload")
    look(chief, "desk-workload-after", axe)
    officer.goto("/office/applications?view=mine")
    for box in officer.locator("input[name=case]").all():
        box.check()
    look(officer, "desk-list", axe)
    officer.get_by_role("button", name="꼬리표 붙이기").click()
    officer.get_by_label("꼬리표").select_option("현장 확인")
    officer.get_by_role("button", name="미리 보기").click()
    officer.get_by_role("button", name="3건 처리하기").click()
    expect(officer.get_by_text("처리 끝남")).to_be_visible(timeout=20_000)
    officer.goto("/office/applications?view=mine")
    look(officer, "desk-list-tagged", axe)
    officer.get_by_label("이 조건에 맞는 사건 모두 (다른 쪽도)").check()
    officer.get_by_role("button", name="같은 보완 요구").click()
    officer.get_by_label("보완할 사항").fill(ITEMS)
    officer.get_by_role("checkbox", name="통장 사본").check()
    look(officer, "desk-supplement", axe)
    officer.get_by_role("button", name="미리 보기").click()
    expect(officer.get_by_text("처리할 수 있는 사건이 하나도 없습니다")).to_be_visible()
    look(officer, "desk-none", axe)
    officer.goto("/office/applications/1/officer")
    look(officer, "desk-case", axe)
    officer.goto("/office/applications/1")
    look(officer, "desk-case-page", axe)
    chief.goto("/office/bulk")
    look(chief, "desk-runs", axe)
    auditor.goto("/office/bulk")
    auditor.locator("tbody a").last.click()
    expect(auditor.get_by_text("처리 끝남")).to_be_visible()
