"""An association applies for its members: the head of it with a table and a signed list, a member on the telephone, an
official who decides.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from xlsxwriter import Workbook

from portal.domain.accounts import Level
from portal.domain.actors import Role
from portal.domain.roster_tables import COLUMNS
from portal.services import merchants
from tests.applying import PDF
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_programme
from tests.journeys.conftest import Server
from tests.journeys.looking import look, tick_all
from tests.journeys.test_official_decides import sign_in
from tests.rosters import TEXT, entry, registration
from tests.web.test_rosters import ROW

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


def prepare(server: Server) -> None:
    with server.session() as session:
        busan = make_organisation(session, "busan", name="부산광역시(데모)", level=Level.CITY, region_code="26")
        make_programme(session, organisation=busan, text=TEXT)
        make_merchant_user(session, name="박회장", login="head@example.kr")
        member = make_merchant_user(session, name="김상인", login="member@example.kr")
        merchants.register(session, registration(2), by=actor(member), at=AT)
        make_official(session, Role.REVIEWER, organisation=busan, name="김검토", login="reviewer@example.kr")


def members(folder: Path) -> Path:
    """One member whole, one with an account of whom two cells are enough, one with a slip in its number."""
    out = io.BytesIO()
    known = {"사업자등록번호": entry(2).business_number, "상호": entry(2).trade_name, "매장 번호": "D002"}
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(COLUMNS))
        for number, row in enumerate((ROW, known, {**ROW, "사업자등록번호": "123-45-67890", "상호": "틀린집"}), 1):
            sheet.write_row(number, 0, [row.get(name, "") for name in COLUMNS])
    file = folder / "명단.xlsx"
    file.write_bytes(out.getvalue())
    return file


def begin(page: Page, axe: Check) -> None:
    page.get_by_role("link", name="상인회 신청").first.click()
    look(page, "rosters-empty", axe)
    page.get_by_role("link", name="상인회 명단 만들기").click()
    page.get_by_label("상인회 이름").fill("자갈치시장 상인회")
    page.get_by_label("상인회 등록번호").fill("부산-중구-7")
    page.get_by_label("시장 이름").fill("자갈치시장")
    page.locator("#region_code").select_option("26110")
    page.get_by_label("상인회 전화번호").fill("051-200-3000")
    look(page, "roster-new", axe)
    page.get_by_role("button", name="명단 만들기").click()
    expect(page.get_by_text("명단을 만들었습니다")).to_be_visible()


def fill(page: Page, axe: Check, folder: Path) -> None:
    page.get_by_role("link", name="엑셀이나 CSV로 올리기").click()
    look(page, "roster-upload", axe)
    page.locator("#file").set_input_files(members(folder))
    page.get_by_role("button", name="올리기").click()
    expect(page.get_by_text("2명을 명단에 넣었습니다")).to_be_visible()
    look(page, "roster-uploaded", axe)
    page.get_by_role("link", name="명단 보기").click()
    page.get_by_role("link", name="한 사람씩 적기").click()
    expect(page.get_by_role("heading", name="구성원 적기")).to_be_visible()
    look(page, "roster-add", axe)
    page.go_back()
    page.get_by_role("link", name="서명한 연명부 올리기").click()
    paper = folder / "연명부.pdf"
    paper.write_bytes(PDF + b"signed")
    page.locator("#paper").set_input_files(paper)
    tick_all(page, "서명한 연명부 올리기")
    look(page, "roster-sign", axe)
    page.get_by_role("button", name="올리기").click()
    expect(page.get_by_text("연명부를 올렸습니다")).to_be_visible()


def answer(page: Page, axe: Check) -> None:
    sign_in(page, "member@example.kr")
    page.goto("/inbox")
    page.get_by_role("link", name="상인회가 이 사업장을 대신해 신청하려고 합니다").first.click()
    expect(page.get_by_role("heading", name="상인회에 답하기")).to_be_visible()
    look(page, "memberships", axe)
    page.get_by_role("button", name="동의합니다").click()
    expect(page.get_by_text("동의했습니다")).to_be_visible()


def hand_in(page: Page, axe: Check) -> None:
    page.reload()
    look(page, "roster", axe)
    page.get_by_role("link", name="동의한 구성원 2명 신청하기").click()
    look(page, "roster-hand-in", axe)
    page.locator("#sure").check()
    page.get_by_role("button", name="신청서 내기").click()
    expect(page.get_by_text("구성원 2명의 신청서를 냈습니다")).to_be_visible()
    look(page, "roster-handed-in", axe)


def test_an_association_applies_for_its_members(
    server: Server, new_page: Callable[..., Page], axe: Check, tmp_path: Path
) -> None:
    prepare(server)
    head, member, reviewer = new_page(), new_page(360, 740), new_page()
    sign_in(head, "head@example.kr")
    begin(head, axe)
    fill(head, axe, tmp_path)
    answer(member, axe)
    hand_in(head, axe)
    sign_in(reviewer, "reviewer@example.kr")
    reviewer.goto("/office/rosters")
    look(reviewer, "office-rosters", axe)
    reviewer.get_by_role("link", name="자갈치시장 상인회").click()
    expect(reviewer.get_by_text("연명부.pdf")).to_be_visible()
    look(reviewer, "office-roster", axe)
    reviewer.get_by_role("link", name="자갈치횟집", exact=True).click()
    expect(reviewer.get_by_text("박회장 (상인회)").first).to_be_visible()
    look(reviewer, "office-roster-case", axe)
