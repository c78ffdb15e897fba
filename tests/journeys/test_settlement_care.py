"""An official clears up what came in: contradicting orders, stores nobody linked, the month against the platform."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.domain.actors import Role
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.factories import make_official
from tests.journeys.conftest import Server
from tests.journeys.test_back_office import fits
from tests.journeys.test_payment import sign_in
from tests.settled import Office, line

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_an_official_clears_up_a_month(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None], width: int
) -> None:
    with server.session() as session:
        office = Office(session, stores_under(server.settings.store), LineStore(server.settings.store))
        office.shop("BM1", trade_name="섬진강 국밥")
        office.grant(trade_name="산수유 분식")
        for fee in (3_000, 2_000):
            rows = [line("BM1", "2026-05-03 12:00", order_no="T2FP0000A1", fee=fee, support=fee // 2)]
            office.deliver([*rows, line("@산수유분식", "2026-05-04 12:00")], "2026-05")
        logins = [office.reviewer.login, make_official(session, Role.REVIEWER).login]
    first, second = new_page(width), new_page(width)

    def good(page: Page) -> None:
        axe(page)
        fits(page)

    sign_in(first, logins[0])
    first.goto("/office/settlements")
    good(first)
    first.get_by_role("link", name="내용이 다른 주문").click()
    good(first)
    first.get_by_role("link", name="T2FP0000A1").click()
    expect(first.get_by_text("3,000원")).to_be_visible()
    good(first)
    first.get_by_role("link", name="맞는 내용 정하기").click()
    first.get_by_label("먼저 받은 내용").check()
    first.get_by_label("그렇게 정한 사유").fill("플랫폼에 전화로 확인함")
    good(first)
    first.get_by_role("button", name="정하기").click()
    expect(first.get_by_text("서로 다르게 적힌 주문이 없습니다")).to_be_visible()
    good(first)

    first.goto("/office/settlements/unlinked")
    good(first)
    first.get_by_role("button", name="연결 신청하기").click()
    expect(first.get_by_text("다른 담당자가 확인하면 연결됩니다")).to_be_visible()
    sign_in(second, logins[1])
    second.goto("/office/settlements/unlinked")
    second.get_by_role("button", name="연결 확인").click()
    expect(second.get_by_text("모든 매장이 연결되어 있습니다")).to_be_visible()

    second.goto("/office/settlements/months")
    good(second)
    second.get_by_role("link", name="플랫폼이 알린 숫자 적기").click()
    second.get_by_label("플랫폼").select_option(label="배달의민족")
    second.get_by_label("주문 수").fill("4")
    second.get_by_label("주문금액 합계").fill("80,000")
    second.get_by_label("배달비").fill("9,900")
    second.get_by_label("정산서 파일 이름").fill("배민-정산서-2026-05.pdf")
    good(second)
    second.get_by_role("button", name="적기", exact=True).click()
    expect(second.get_by_text("주문 수가 다름")).to_be_visible()
    good(second)
    second.get_by_role("link", name="배달의민족").click()
    expect(second.get_by_text("플랫폼이 알린 것이 더 많습니다").first).to_be_visible()
    good(second)
