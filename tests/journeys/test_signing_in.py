"""A merchant opens an account, signs in, and signs out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


def sign_up(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="로그인").first.click()
    axe(page)
    page.goto("/join")
    page.get_by_role("button", name="계정 만들기").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    page.get_by_label("이름", exact=False).first.fill("김사장")
    page.get_by_label("전자우편").fill("kim@example.kr")
    page.get_by_label("비밀번호", exact=False).nth(0).fill(PASSWORD)
    page.get_by_label("비밀번호 한 번 더").fill(PASSWORD)
    page.get_by_role("button", name="계정 만들기").click()


def test_sign_up_sign_in_and_out(page: Page, axe: Callable[[Page], None]) -> None:
    sign_up(page, axe)
    page.get_by_label("아이디").fill("kim@example.kr")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_text("김사장", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="로그아웃").click()
    expect(page.get_by_text("김사장", exact=True)).to_be_hidden()
    page.goto("/account/password")
    expect(page.get_by_role("heading", name="로그인")).to_be_visible()
