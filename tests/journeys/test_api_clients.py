"""An administrator opens an API client in a browser, writes the secret down, and reads the API's documentation."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from tests.factories import PASSWORD, make_official
from tests.journeys.conftest import Server

pytestmark = pytest.mark.browser
SECRET = re.compile(r"ieums_[\w-]{43}")


@pytest.fixture
def login(server: Server) -> str:
    with server.session() as session:
        return make_official(session, Role.ADMINISTRATOR, name="최관리").login


@pytest.mark.parametrize("width", [1280, 360])
def test_a_client_is_opened_and_its_secret_shown_once(
    server: Server, login: str, new_page: Callable[..., Page], axe: Callable[[Page], None], tmp_path: Path, width: int
) -> None:
    folder = Path(os.environ.get("IEUM_SCREENSHOTS_INTO", tmp_path))
    page = new_page(width, 900)

    def looked_at(name: str) -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        page.screenshot(path=folder / f"api-{name}-{width}.png", full_page=True)

    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
    page.goto("/office/api-clients")
    looked_at("none")
    page.get_by_role("link", name="연결 열기").click()
    page.get_by_label("플랫폼").select_option("baemin")
    page.get_by_label("이름").fill("정산 서버")
    looked_at("new")
    page.get_by_role("button", name="연결 열기").click()
    expect(page.get_by_text(SECRET)).to_be_visible()
    looked_at("secret")
    page.get_by_role("link", name="적어 두었습니다").click()
    expect(page.get_by_text("처리 이력")).to_be_visible()
    assert page.get_by_text(SECRET).count() == 0
    looked_at("client")
    page.goto("/office/api-clients")
    expect(page.get_by_text("쓰는 중")).to_be_visible()
    page.get_by_role("link", name="API 설명서").click()
    expect(page.get_by_role("heading", name="파트너 API", exact=True)).to_be_visible()
    looked_at("documents")
