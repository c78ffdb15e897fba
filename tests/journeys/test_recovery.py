"""Money comes back: the merchant answers on the phone, another person decides, the payer enters what the bank shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.domain.recovery_rates import Cause
from portal.models.accounts import User
from portal.models.payments import PaymentRun
from portal.services import payments
from portal.storage.objects import stores_under
from tests.approved_claims import answer
from tests.factories import AT
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.test_payment import sign_in
from tests.recovered import HEARD, open_desk

pytestmark = pytest.mark.browser

Check = Callable[[Page], None]


def set_the_scene(server: Server) -> dict[str, str]:
    """A paid month that is looked into, and the logins of all who meet it."""
    with server.session() as session:
        desk = open_desk(session, stores_under(server.settings.store), 123_450)
        desk.open(30_000, cause=Cause.FALSE)
        owner = session.get_one(User, desk.claims[0].merchant.owner_id)
        return {
            "reviewer": desk.office.reviewer.login,
            "decider": desk.decider.login,
            "payer": desk.office.payer.login,
            "owner": owner.login,
        }


def step(page: Page, link: str, button: str = "", **fields: str) -> None:
    page.get_by_role("link", name=link, exact=True).click()
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(text)
    page.get_by_role("button", name=button or link, exact=True).click()


def test_a_merchant_answers_and_the_money_comes_back(server: Server, new_page: Callable[..., Page], axe: Check) -> None:
    logins = set_the_scene(server)
    reviewer, merchant, decider, payer = new_page(), new_page(360), new_page(), new_page()
    for page, who in ((reviewer, "reviewer"), (merchant, "owner"), (decider, "decider"), (payer, "payer")):
        sign_in(page, logins[who])
    reviewer.goto("/office/recoveries")
    look(reviewer, "recovery-list", axe)
    reviewer.locator("tbody a").first.click()
    step(reviewer, "사전통지 보내기")
    look(reviewer, "recovery-noticed", axe)
    case = reviewer.url
    merchant.goto("/my/recoveries")
    look(merchant, "recovery-mine", axe)
    merchant.locator("tbody a").first.click()
    look(merchant, "recovery-told", axe)
    merchant.get_by_role("link", name="의견 내기").click()
    merchant.get_by_role("button", name="의견 내기").click()
    expect(merchant.get_by_role("alert")).to_contain_text("이 항목을 입력해 주세요")
    look(merchant, "recovery-answer", axe)
    merchant.get_by_label("하실 말씀").fill("세 건 가운데 한 건은 배달했습니다.")
    merchant.get_by_role("button", name="의견 내기").click()
    reviewer.goto(case)
    step(reviewer, "의견 검토 적기", 의견을_살펴본_결과=HEARD)
    reviewer.get_by_role("link", name="환수 결정안 올리기").click()
    look(reviewer, "recovery-draft", axe)
    reviewer.get_by_role("button", name="환수 결정안 올리기").click()
    decider.goto(case)
    decider.get_by_role("link", name="환수 결정하기").click()
    look(decider, "recovery-order", axe)
    decider.get_by_label("금액과 사유, 내신 의견을 모두 확인했습니다.").check()
    decider.get_by_role("button", name="환수 결정하기").click()
    look(decider, "recovery-ordered", axe)
    merchant.goto("/my/recoveries/1")
    expect(merchant.get_by_text("2026. 7. 15.까지").first).to_be_visible()
    look(merchant, "recovery-owes", axe)
    merchant.get_by_role("button", name="다음 지원금에서 빼기").click()
    expect(merchant.get_by_text("다음 지원금에서 빼는 데 동의하셨습니다")).to_be_visible()
    payer.goto(case)
    step(payer, "받은 금액 적기", 받은_금액="180,000", 은행_거래번호="농협 0615-1")
    expect(payer.get_by_text("모두 받음").first).to_be_visible()
    look(payer, "recovery-settled", axe)
    merchant.reload()
    expect(merchant.get_by_text("모두 받았습니다")).to_be_visible()


@pytest.mark.parametrize("ordered", [False, True])
def test_both_sides_read_that_the_bank_sent_the_money_back(
    server: Server, new_page: Callable[..., Page], axe: Check, ordered: bool
) -> None:
    with server.session() as session:
        desk = open_desk(session, stores_under(server.settings.store), 123_450)
        case = desk.ordered(30_000) if ordered else desk.told(30_000)
        run = session.scalars(select(PaymentRun)).one()
        back = answer(run, (0, "returned"))
        payments.settle(session, desk.stores, run.id, back, by=desk.payer, at=AT)
        number, reviewer = case.id, desk.office.reviewer.login
        owner = session.get_one(User, desk.claims[0].merchant.owner_id).login
    for who, address, said in (
        (reviewer, "/office/recoveries", "상계할 수 있습니다" if ordered else "환수를 결정할 수 있습니다"),
        (owner, "/my/recoveries", "돌려줄 금액을 빼고 보냅니다" if ordered else "고치면 다시 보내 드립니다"),
    ):
        page = new_page()
        sign_in(page, who)
        page.goto(f"{address}/{number}")
        expect(page.get_by_text(said)).to_be_visible()
        look(page, f"recovery-sent-back{'-ordered' * ordered}-{address.split('/')[1]}", axe)
