"""A signal: asked for on the case, found by a worker, judged by an official, and counted for the administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from portal.storage.objects import stores_under
from tests.factories import make_official, make_programme
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in
from tests.signalled import REASON, pair

pytestmark = pytest.mark.browser

SEEN = "지급 계좌가 다른 사람의 사업장과 같습니다: 산수유 분식."


def set_the_scene(server: Server) -> tuple[str, str, int]:
    """Two businesses with one account: the logins of a reviewer and an administrator, and the first one's case."""
    with server.session() as session:
        reviewer, administrator = (make_official(session, role) for role in (Role.REVIEWER, Role.ADMINISTRATOR))
        case, _other = pair(session, stores_under(server.settings.store), make_programme(session))
        return reviewer.login, administrator.login, case.id


def test_a_suspicion_is_looked_into_and_cleared(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None], start_worker: Callable[[], None]
) -> None:
    reviewer_login, administrator_login, case = set_the_scene(server)
    desk, administrator = new_page(), new_page()
    sign_in(desk, reviewer_login)
    desk.goto(f"/office/applications/{case}")
    desk.get_by_role("button", name="이 사업장 다시 살펴보기").click()
    start_worker()
    expect(desk.get_by_text("살펴보기를 시작했습니다")).to_be_visible()
    for _again in range(30):
        desk.goto(f"/office/applications/{case}")
        if desk.get_by_text(SEEN).count():
            break
        desk.wait_for_timeout(500)
    look(desk, "signal-case", axe)
    desk.goto("/office/signals")
    look(desk, "signal-list", axe)
    desk.get_by_role("link", name="다른 사람과 같은 계좌").click()
    expect(desk.get_by_text(SEEN)).to_be_visible()
    look(desk, "signal-seen", axe)
    desk.get_by_role("link", name="판단하기").click()
    desk.get_by_role("button", name="판단 적기").click()
    expect(desk.get_by_role("alert")).to_contain_text("그렇게 판단한 사유")
    desk.get_by_label("근거 없음 (그럴 만한 사정이 있음)").check()
    desk.get_by_label("그렇게 판단한 사유").fill(REASON)
    look(desk, "signal-judge", axe)
    desk.get_by_role("button", name="판단 적기").click()
    expect(desk.get_by_text("판단을 적었습니다")).to_be_visible()
    look(desk, "signal-judged", axe)
    sign_in(administrator, administrator_login)
    administrator.goto("/office/signals/rules")
    expect(administrator.get_by_text("100%")).to_be_visible()
    look(administrator, "signal-rules", axe)
