"""The pictures of the README: each audience's main page of the demo county. `make screenshots` keeps them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.config import ROOT
from portal.demo.people import PASSWORD
from portal.demo.story import MONTHS, Story
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.journeys.conftest import Server

pytestmark = pytest.mark.browser
# name -> who looks, at which page, how wide, and what must be there
PICTURES = {
    "merchant": ("shop1@merchant.example", "/my/claims", 390, "지급 완료"),
    "official": ("reviewer1@gurye.example", "/office/applications", 1280, "신청 처리"),
    "policy": ("policy1@gurye.example", "/policy/statistics?programme=gurye-2020-o2o", 1280, "실집행률"),
}


@pytest.fixture
def at() -> datetime:
    """The demo county's today."""
    return datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.fixture
def county(server: Server) -> Server:
    store = server.settings.store
    with server.session() as session:
        Story(session, stores_under(store), LineStore(store), say=lambda _: None, size=60, months=MONTHS[-3:]).load()
    return server


def test_every_audiences_main_page(county: Server, new_page: Callable[..., Page], tmp_path: Path) -> None:
    folder = Path(os.environ.get("IEUM_SCREENSHOTS_INTO", tmp_path))
    for name, (login, url, width, there) in PICTURES.items():
        page = new_page(width, 900)
        page.goto("/login")
        page.get_by_label("아이디").fill(login)
        page.get_by_label("비밀번호").fill(PASSWORD)
        page.get_by_role("button", name="로그인").click()
        expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
        page.goto(url)
        expect(page.get_by_text(there).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 20_000


def test_the_readme_shows_pictures_that_are_there() -> None:
    shown = re.findall(r"\((docs/screenshots/[^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert sorted(shown) == [f"docs/screenshots/{name}.png" for name in sorted(PICTURES)]
    assert all((ROOT / picture).is_file() for picture in shown)
