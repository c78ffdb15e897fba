"""A claim is paid: one payer prepares, another releases, the bank answers, the merchant has money and a notice."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.models.accounts import User
from portal.storage.objects import stores_under
from tests import approved_claims as world
from tests.factories import PASSWORD
from tests.journeys.conftest import Server
from tests.journeys.looking import look

pytestmark = pytest.mark.browser


def sign_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()


def set_the_scene(server: Server) -> tuple[str, str, str]:
    """Two approved claims. Returns the logins of both payers and of the first merchant."""
    with server.session() as session:
        office = world.open_office(session)
        claims = world.make_claims(session, stores_under(server.settings.store), office, [123_450, 70_010])
        owner = session.scalars(select(User).where(User.id == claims[0].merchant.owner_id)).one()
        return office.payer.login, office.releaser.login, owner.login


def prepare(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/office/payments")
    axe(page)
    page.get_by_role("button", name="지급 목록 작성").click()
    expect(page.get_by_text("다른 지출 담당자가 확인하고 내보냅니다").first).to_be_visible()
    expect(page.get_by_role("link", name="지급 내보내기")).to_have_count(0)
    axe(page)


def release(page: Page, axe: Callable[[Page], None], run: str = "") -> list[list[str]]:
    """Returns the rows of the bank file, downloaded twice and the same. `run`: its address, else it is looked for."""
    page.goto(run or "/office/payments")
    if not run:
        page.get_by_role("link", name="R20260615").click()
    page.get_by_role("link", name="지급 내보내기").click()
    page.get_by_role("button", name="지급 내보내기").click()
    expect(page.get_by_role("alert")).to_contain_text("확인란에 표시해 주세요")
    page.wait_for_load_state()
    axe(page)
    page.get_by_label("지급 건수와 합계").check()
    page.get_by_role("button", name="지급 내보내기").click()
    expect(page.get_by_role("link", name="은행 파일 내려받기")).to_be_visible()
    texts = []
    for _time in range(2):
        with page.expect_download() as download:
            page.get_by_role("link", name="은행 파일 내려받기").click()
        texts.append(Path(download.value.path()).read_text("utf-8"))
    assert texts[0] == texts[1]
    return list(csv.reader(texts[0].splitlines()))


def answer_of_bank(rows: list[list[str]], *, amount: str = "", on: str = "2026-06-15") -> bytes:
    transfers = rows[2:-1]
    lines = [f"{row[0]},done,,BK{number},{on},{amount or row[4]}" for number, row in enumerate(transfers)]
    total = sum(int(amount or row[4]) for row in transfers)
    head = f"IEUM-RESULT,1,{rows[0][2]},{len(lines)},{total}"
    return "\n".join([head, "payment_id,result,reason_code,bank_reference,executed_on,amount", *lines]).encode()


def take_in(page: Page, content: bytes) -> None:
    file = page.get_by_label("이체 결과 파일")
    file.set_input_files({"name": "results.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="결과 반영").click()


def test_from_approved_claim_to_payment_notice(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    payer_login, releaser_login, merchant_login = set_the_scene(server)
    payer, releaser, merchant = new_page(), new_page(), new_page(360)
    sign_in(payer, payer_login)
    prepare(payer, axe)
    sign_in(releaser, releaser_login)
    rows = release(releaser, axe)

    payer.reload()
    payer.get_by_role("link", name="은행 결과 올리기").click()
    axe(payer)
    take_in(payer, answer_of_bank(rows, amount="1"))
    expect(payer.get_by_role("alert")).to_contain_text("2번째 줄 amount")
    axe(payer)
    take_in(payer, answer_of_bank(rows))
    expect(payer.get_by_text("지급 2건, 거절 0건")).to_be_visible()
    axe(payer)
    payer.goto("/office/ledger")
    expect(payer.get_by_text("193,460원").first).to_be_visible()
    axe(payer)

    sign_in(merchant, merchant_login)
    merchant.goto("/my/claims")
    expect(merchant.get_by_text("지급 완료").first).to_be_visible()
    merchant.goto("/my/letters")
    axe(merchant)
    with merchant.expect_download() as download:
        merchant.locator("main a[download]").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_a_payer_finds_one_payment_in_a_long_run(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    with server.session() as session:
        office = world.open_office(session)
        claims = world.make_claims(session, stores_under(server.settings.store), office, range(10_000, 10_023))
        payer, last = office.payer.login, claims[-1].merchant.trade_name
    page = new_page()
    sign_in(page, payer)
    page.goto("/office/payments")
    page.get_by_role("button", name="지급 목록 작성").click()
    look(page, "run-long", axe)
    expect(page.get_by_role("link", name=last, exact=True)).to_have_count(0)
    page.get_by_role("link", name="다음").click()
    expect(page.get_by_text("21–23 / 23건")).to_be_visible()
    expect(page.get_by_role("heading", name="지급 내역")).to_be_in_viewport()
    page.get_by_label("상호").fill(last)
    page.get_by_role("button", name="조회").click()
    expect(page.get_by_role("heading", name="지급 내역")).to_be_in_viewport()
    expect(page.get_by_role("link", name=last, exact=True)).to_have_count(1)
    look(page, "run-narrowed", axe)
