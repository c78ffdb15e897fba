"""A small agency's clerk delivers a month by hand: refused rows corrected, a link answered, totals compared."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.domain.links import LinkProposal
from portal.services import links
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.factories import AT, actor, make_platform_person
from tests.journeys.conftest import Server
from tests.journeys.test_back_office import fits
from tests.journeys.test_payment import sign_in
from tests.settled import HEADER, Office, csv_of, line

pytestmark = pytest.mark.browser

GOOD = [line("BR1", f"2026-05-{day:02d} 12:10", order_no=f"R{day:02d}") for day in range(1, 5)]
CORRECTED = line("BR1", "2026-05-31 19:30", order_no="R31")
WRONG = [*CORRECTED[:5], "2026-06-31 19:30", *CORRECTED[6:]]


@pytest.fixture
def login(server: Server) -> str:
    """A clerk of 바로고, and a merchant who named a store there."""
    with server.session() as session:
        office = Office(session, stores_under(server.settings.store), LineStore(server.settings.store))
        shop = office.grant(trade_name="섬진강 국밥")
        proposal = LinkProposal("barogo", "BR1", date(2026, 3, 1))
        links.propose(session, shop.merchant.id, proposal, by=actor(shop.owner), at=AT)
        return make_platform_person(session, "barogo", name="한바로").login


def hand_in(page: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.get_by_role("link", name="정산자료 올리기").click()
    page.get_by_label("정산 월").fill("2026-05")
    page.get_by_label("정산 파일").set_input_files(path)
    page.get_by_role("button", name="올리기", exact=True).click()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_clerk_delivers_a_month(
    server: Server,
    login: str,
    start_worker: Callable[[], None],
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    tmp_path: Path,
    width: int,
) -> None:
    page = new_page(width)

    def good() -> None:
        axe(page)
        fits(page)

    sign_in(page, login)
    expect(page.get_by_role("heading", name="바로고 정산자료")).to_be_visible()
    good()
    page.goto("/platform/columns")
    good()
    page.goto("/platform/settlements/new")
    good()
    page.goto("/platform/")
    hand_in(page, tmp_path / "empty.csv", (",".join(map(str, HEADER)) + "\n").encode())
    expect(page.get_by_text("차례를 기다리는 중")).to_be_visible()
    good()
    start_worker()
    expect(page.get_by_text("거래가 한 줄도 없습니다")).to_be_visible()
    good()
    page.get_by_role("link", name="고친 파일 올리기").click()
    expect(page.get_by_label("정산 월")).to_have_value("2026-05")
    (tmp_path / "may.csv").write_bytes(csv_of([*GOOD, WRONG]))
    page.get_by_label("정산 파일").set_input_files(tmp_path / "may.csv")
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(page.get_by_role("heading", name="돌려보낸 줄", exact=True)).to_be_visible()
    good()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="돌려보낸 줄 모두 내려받기").click()
    with downloading.value.path().open(encoding="utf-8-sig") as file:
        (refused,) = list(csv.reader(file))[1:]
    assert refused[:3] == ["5", "ordered_at", "2026-06-31 19:30"]

    page.goto("/platform/")
    expect(page.get_by_text("줄을 내려받아 고친 뒤")).to_be_visible()
    good()
    hand_in(page, tmp_path / "may-corrected.csv", csv_of([*GOOD, CORRECTED]))
    expect(page.get_by_text("파일을 받았습니다. 줄마다")).to_be_visible()
    expect(page.get_by_text("may-corrected.csv")).to_be_visible()
    expect(page.get_by_role("heading", name="돌려보낸 줄", exact=True)).to_have_count(0)
    page.goto("/platform/settlements")
    good()

    page.goto("/platform/links")
    good()
    page.get_by_role("link", name="섬진강 국밥").click()
    good()
    page.get_by_role("button", name="맞습니다").click()
    expect(page.get_by_text("연결을 확인했습니다")).to_be_visible()
    page.goto("/platform/statements")
    page.get_by_label("정산 월").fill("2026-05")
    page.get_by_label("주문 수").fill("5")
    page.get_by_label("주문금액 합계").fill("100,000")
    good()
    page.get_by_role("button", name="비교하기").click()
    expect(page.get_by_text("모두 같습니다")).to_be_visible()
    good()
