"""A manager raises a rate, waits for a worker to compute it, and reads what it would have cost."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.factories import PASSWORD
from tests.journeys.conftest import Server
from tests.journeys.menu import follow
from tests.settled import Office, line
from tests.simulated import make_manager

pytestmark = pytest.mark.browser


@pytest.fixture
def manager(server: Server) -> str:
    """The login of a manager whose programme has two merchants with lines of two months."""
    with server.session() as session:
        office = Office(session, stores_under(server.settings.store), LineStore(server.settings.store))
        for store in ("S1", "S2"):
            office.shop(store)
            for period in ("2026-04", "2026-05"):
                days = range(1, 11)
                office.deliver([line(store, f"{period}-{day:02d} 12:00", fee=3_000) for day in days], period)
        return make_manager(office).login


def open_form(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    page.goto("/office/simulations")
    page.get_by_role("link", name="모의 산정하기").click()


def raise_rate(page: Page) -> None:
    page.get_by_label("지원 비율").first.fill("60")
    page.get_by_role("button", name="계산하기").click()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("IEUM_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"simulation-{name}.png", full_page=True)


def test_a_raised_rate_is_computed_by_a_worker_and_read_side_by_side(
    manager: str, page: Page, axe: Callable[[Page], None], start_worker: Callable[[], None]
) -> None:
    open_form(page, manager)
    axe(page)
    raise_rate(page)
    expect(page.get_by_text("차례 기다림")).to_be_visible()
    axe(page)
    start_worker()
    summary = page.get_by_role("table", name="한눈에 보기")
    whole = summary.get_by_role("row", name=re.compile("지원금 합계"))
    expect(whole).to_have_text(re.compile(r"60,000\s+72,000\s+\+12,000"))
    expect(page.locator(".ie-chart-picture svg[role=img]")).to_have_count(2)
    expect(page.get_by_role("region", name="바꾼 조건").locator("ins")).to_contain_text('rate = "0.6"')
    axe(page)
    picture(page, "1280")
    with page.expect_download() as found:
        page.get_by_role("link", name="엑셀(XLSX)").click()
    assert Path(found.value.path()).read_bytes().startswith(b"PK")
    follow(page, "모의 산정")
    expect(page.get_by_text("계산 끝남")).to_be_visible()
    axe(page)


def test_without_scripts_and_on_a_phone_the_page_is_asked_for_again(
    manager: str, new_page: Callable[..., Page], start_worker: Callable[[], None]
) -> None:
    page = new_page(width=360, javascript=False)
    open_form(page, manager)
    start_worker()
    raise_rate(page)
    expect(page.get_by_role("table", name="한눈에 보기")).to_contain_text("+12,000")  # the page reloads by itself
    expect(page.get_by_role("region", name="지역별 지원금")).to_contain_text("72,000")
    picture(page, "360")
