"""A policymaker reads what the programme has done so far and takes it to a meeting."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from portal.domain.actors import Role
from portal.storage.objects import stores_under
from tests.factories import PASSWORD, make_official
from tests.journeys.conftest import Server
from tests.journeys.menu import follow
from tests.paid import PAID, make_county

pytestmark = pytest.mark.browser
LOGIN = "policy@example.kr"


@pytest.fixture
def county(server: Server) -> None:
    with server.session() as session:
        make_county(session, stores_under(server.settings.store))
        make_official(session, Role.POLICYMAKER, name="임정책", login=LOGIN)


def open_statistics(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("아이디").fill(LOGIN)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    follow(page, "통계")
    expect(page.get_by_role("heading", name="통계", exact=True)).to_be_visible()


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("link", name=name).click()
    return Path(found.value.path()).read_bytes()


def test_reading_the_statistics_and_taking_them_away(county: None, page: Page, axe: Callable[[Page], None]) -> None:
    open_statistics(page)
    expect(page.get_by_text("통계 합계 = 장부 합계")).to_be_visible()
    expect(page.get_by_text("실집행률 0.1%: 예산 가운데")).to_be_visible()
    expect(page.locator(".ie-chart-picture svg[role=img]")).to_have_count(6)
    platforms = page.get_by_role("region", name="플랫폼별 지급액")
    expect(platforms.get_by_role("row", name="배달의민족")).to_contain_text("80,010")
    expect(platforms.get_by_role("row", name="합계")).to_contain_text(f"{PAID:,}")
    axe(page)
    page.get_by_label("사업", exact=True).select_option("gurye-2020-o2o")
    page.get_by_role("button", name="조회").click()
    expect(page).to_have_url(re.compile("programme=gurye-2020-o2o"))
    report = PdfReader(io.BytesIO(download(page, "보고서(PDF)")))
    assert f"{PAID:,}원 = 장부 합계" in " ".join(report.pages[0].extract_text().split())
    assert download(page, "CSV(UTF-8)").startswith(b"\xef\xbb\xbf")
    assert download(page, "엑셀(XLSX)").startswith(b"PK")


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_and_without_scripts_the_numbers_are_all_there(
    county: None, new_page: Callable[..., Page], axe: Callable[[Page], None], javascript: bool
) -> None:
    page = new_page(width=360, javascript=javascript)
    page.goto("/login")
    page.get_by_label("아이디").fill(LOGIN)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    page.goto("/policy/statistics")
    expect(page.get_by_role("region", name="지역별 지급액")).to_contain_text(f"{PAID:,}")
    if javascript:
        expect(page.locator(".ie-chart-picture svg[role=img]")).to_have_count(6)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("IEUM_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"statistics-360-{javascript}.png", full_page=True)
