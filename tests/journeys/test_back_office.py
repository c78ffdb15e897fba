"""Managers, administrators and auditors at their pages, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from tests.factories import GURYE, make_official, make_programme
from tests.journeys.conftest import Server
from tests.journeys.test_payment import sign_in

pytestmark = pytest.mark.browser


def fits(page: Page) -> None:
    """Nothing makes the page itself wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


@pytest.mark.parametrize("width", [1280, 360])
def test_a_manager_proposes_a_version_and_another_publishes_it(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None], width: int
) -> None:
    with server.session() as session:
        make_programme(session)
        logins = [make_official(session, Role.MANAGER).login for _ in range(2)]
    first, second = new_page(width), new_page(width)
    sign_in(first, logins[0])
    first.goto("/office/programmes/new")
    first.get_by_label("사업 내용").fill(GURYE.replace('"0.80"', "0.8"))
    first.get_by_role("button", name="게시 요청").click()
    expect(first.get_by_role("alert")).to_contain_text("item[2].amount.rate")
    axe(first)
    fits(first)
    first.get_by_label("사업 내용").fill(GURYE.replace("processing_days = 14", "processing_days = 10"))
    first.get_by_role("button", name="게시 요청").click()
    expect(first.get_by_text("올린 사람은 게시할 수 없습니다")).to_be_visible()
    axe(first)
    fits(first)
    sign_in(second, logins[1])
    second.goto("/office/programmes")
    axe(second)
    fits(second)
    second.get_by_role("link", name="2판").click()
    second.get_by_role("button", name="게시", exact=True).click()
    expect(second.get_by_text("게시했습니다")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_administrator_looks_after_accounts_and_checks_the_portal(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None], width: int
) -> None:
    with server.session() as session:
        make_programme(session)
        login = make_official(session, Role.ADMINISTRATOR, name="최관리").login
    page = new_page(width)
    sign_in(page, login)
    page.goto("/office/accounts")
    expect(page.get_by_text("최관리").first).to_be_visible()
    axe(page)
    fits(page)
    page.goto("/office/system")
    axe(page)
    page.get_by_role("button", name="전체 점검").click()
    expect(page.get_by_text("보관된 파일은 모두 있고")).to_be_visible()
    axe(page)
    fits(page)
