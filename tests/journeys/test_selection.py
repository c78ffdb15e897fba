"""A call that is scored: two assessors on a phone and a desk, the ranking, the confirmation, and one who drops out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.storage.objects import stores_under
from tests.choosing import OPINION, Panel, panel
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]


def set_the_scene(server: Server) -> tuple[str, ...]:
    """Two reviewed applications, money for one; the logins of secretary, assessors, chair and first applicant."""
    with server.session() as session:
        desk: Panel = panel(session, stores_under(server.settings.store), won=500_000)
        first, _second = desk.candidates(2)
        users = desk.secretary, desk.first, desk.second, desk.chair, first.owner
        return tuple(user.login for user in users)


def test_two_assessors_score_and_the_reserve_moves_up(
    server: Server, new_page: Callable[..., Page], axe: Check
) -> None:
    secretary, first, second, chair, owner = new_page(), new_page(360), new_page(), new_page(), new_page(360)
    for page, login in zip((secretary, first, second, chair, owner), set_the_scene(server), strict=True):
        sign_in(page, login)
    secretary.goto("/office/selections")
    look(secretary, "selection-list", axe)
    secretary.get_by_role("link", name="구례군 소상공인").first.click()
    look(secretary, "selection-before", axe)
    secretary.get_by_role("button", name="후보 확정").click()
    expect(secretary.get_by_role("status")).to_contain_text("후보를 확정했습니다")
    home = secretary.url
    for page, points in ((first, ("55", "30")), (second, ("50", "35"))):
        page.goto(home)
        for link in (0, 0):
            page.get_by_role("link", name="평가하기").nth(link).click()
            page.get_by_label("사업 계획의 구체성").fill(points[0])
            page.get_by_label("지원 필요성").fill(points[1])
            page.get_by_label("신청서와 서류를 읽고").check()
            look(page, "selection-sheet", axe)
            page.get_by_role("button", name="평가표 내기").click()
            expect(page.get_by_role("status")).to_contain_text("평가표를 냈습니다")
    secretary.goto(home)
    secretary.get_by_role("button", name="순위 매기기").click()
    look(secretary, "selection-ranked", axe)
    chair.goto(home)
    chair.get_by_role("link", name="선정 확정").click()
    chair.get_by_label("심의 의견").fill(OPINION)
    chair.get_by_label("순위와 선정 결과를").check()
    look(chair, "selection-confirm", axe)
    chair.get_by_role("button", name="선정 확정").click()
    look(chair, "selection-confirmed", axe)
    expect(chair.get_by_role("link", name="회의록 내려받기")).to_be_visible()
    owner.goto("/inbox")
    expect(owner.get_by_role("main")).to_contain_text("선정심의에서 선정되었습니다")
    look(owner, "selection-inbox", axe)
