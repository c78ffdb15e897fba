"""The bank refuses, the merchant gives another account on a phone, two officials confirm it, one payment is held."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.models.accounts import User
from portal.services import payments
from portal.storage.objects import stores_under
from tests import approved_claims as world
from tests.factories import AT, actor
from tests.journeys.conftest import Server
from tests.journeys.test_payment import sign_in

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> None:
    """Keeps a picture where the environment names a folder for it."""
    folder = os.environ.get("IEUM_LOOK_INTO")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def set_the_scene(server: Server) -> tuple[str, str, str]:
    """Two claims of which the bank refused one, a third that waits. Returns both payers' and the merchant's login."""
    with server.session() as session:
        office, stores = world.open_office(session), stores_under(server.settings.store)
        claims = world.make_claims(session, stores, office, [123_450, 70_010])
        payer, releaser = actor(office.payer), actor(office.releaser)
        run = payments.prepare(session, world.CODE, by=payer, at=AT)
        payments.release(session, stores, run.id, by=releaser, at=AT)
        payments.settle(session, stores, run.id, world.answer(run, (0, "refused"), (1, "done")), by=payer, at=AT)
        world.make_claims(session, stores, office, [30_000, 410_000])
        owner = session.scalars(select(User).where(User.id == claims[0].merchant.owner_id)).one()
        return office.payer.login, office.releaser.login, owner.login


def test_a_refused_payment_finds_its_way_to_another_account(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    first, second, owner = set_the_scene(server)
    phone = new_page(360, 740)
    sign_in(phone, owner)
    expect(phone.get_by_text("지원금을 보내지 못했습니다. 계좌를 고쳐 주세요")).to_be_visible()
    phone.get_by_role("link", name="계좌 고치기").click()
    expect(phone.get_by_text("계좌가 해지되어")).to_be_visible()
    axe(phone)
    look(phone, "correct-360")
    phone.locator("#bank_code").select_option("088")
    phone.get_by_label("계좌번호").fill("110-123-456789")
    phone.get_by_label("예금주").fill("홍길동")
    phone.get_by_label("내 사업장의 통장이 맞습니다.").check()
    phone.get_by_role("button", name="이 계좌로 바꾸기").click()
    expect(phone.get_by_text("바로 담당 부서로 전화해 주세요")).to_be_visible()
    axe(phone)
    look(phone, "home-360")

    payer = new_page()
    sign_in(payer, first)
    payer.goto("/office/payments")
    payer.get_by_role("button", name="다시 지급").click()
    payer.get_by_role("button", name="계좌 확인함").click()
    expect(payer.get_by_text("한 사람 확인")).to_be_visible()
    axe(payer)
    look(payer, "payments-1280")
    other = new_page()
    sign_in(other, second)
    other.goto("/office/payments")
    other.get_by_role("button", name="계좌 확인함").click()
    expect(other.get_by_text("두 사람이 확인했습니다")).to_be_visible()

    payer.goto("/office/payments")
    payer.get_by_role("button", name="지급 목록 작성").click()
    expect(payer.get_by_role("heading", name="지난 지급 목록과 다른 점")).to_be_visible()
    expect(payer.get_by_text("계좌 바뀜").first).to_be_visible()
    look(payer, "run-1280")
    payer.get_by_role("link", name="지급 보류").last.click()
    payer.get_by_label("보류 사유").fill("서류를 다시 확인합니다.")
    axe(payer)
    look(payer, "hold-1280")
    payer.get_by_role("button", name="지급 보류").click()
    expect(payer.get_by_text("목록의 건수와 합계가 바뀌었습니다")).to_be_visible()
    other.goto(payer.url + "/release")
    axe(other)
    look(other, "release-1280")
    small = new_page(360, 740)
    sign_in(small, second)
    small.goto(payer.url + "/release")
    look(small, "release-360")
    small.goto(payer.url)
    look(small, "run-360")
