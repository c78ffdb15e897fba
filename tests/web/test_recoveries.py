"""Recoveries through the pages: one click from the month, the merchant's answer, the decision, the money."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.recoveries import Instalment
from portal.domain.recoveries import RecoveryStatus as S
from portal.models.accounts import User
from portal.models.payments import PaymentRun
from portal.models.recoveries import Overclaim, Recovery
from portal.services import payments, recovery_endings
from portal.storage.objects import Stores
from tests import approved_claims
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import AT, actor, make_merchant_user
from tests.pages import text_of
from tests.recovered import HEARD, WHY, Desk, open_desk

ClientOf = Callable[[User], PortalClient]


@pytest.fixture
def desk(session: Session, stores: Stores, clock: Clock) -> Desk:
    return open_desk(session, stores, 100_010)


def owner(desk: Desk) -> User:
    return desk.session.get_one(User, desk.claims[0].merchant.owner_id)


def only(session: Session) -> Recovery:
    session.expire_all()
    return session.scalars(select(Recovery).order_by(Recovery.id.desc())).first() or pytest.fail("no case")


def test_from_corrected_data_to_money_back(desk: Desk, session: Session, client_of: ClientOf) -> None:
    claim = desk.claims[0]
    session.add(Overclaim(run_id=claim.run_id, period=claim.period, merchant_id=claim.merchant_id, amount=10_000))
    reviewer, merchant = client_of(desk.office.reviewer), client_of(owner(desk))
    decider, payer = client_of(desk.decider), client_of(desk.office.payer)
    month = reviewer.get(f"/office/claims/{claim.programme.code}/{claim.period}").text
    assert "먼저 골라 주세요" in reviewer.get("/office/recoveries/new").text
    assert "먼저 골라 주세요" in reviewer.get("/office/recoveries/new?period=no-month").text
    of_month = f"programme={claim.programme.code}&merchant={claim.merchant_id}&period={claim.period}"
    start = text_of(reviewer.get(f"/office/recoveries/new?{of_month}").text)
    assert f"사업장 {claim.merchant.trade_name}" in start
    assert "그 달에 지급한 금액 100,010원 아직 환수하지 않은 금액 100,010원" in start
    assert "더 지급된 지원금" in month
    assert "10,000원" in month
    form = dict(re.findall(r'name="(programme|merchant|period|amount|cause|origin|reason)" value="([^"]*)"', month))
    assert reviewer.submit("/office/recoveries/new", form).status_code == 302
    case = f"/office/recoveries/{only(session).id}"
    assert "환수 진행 중" in reviewer.get(f"/office/claims/{claim.programme.code}/{claim.period}").text
    assert merchant.get(f"/my/recoveries/{only(session).id}").status_code == 404
    assert reviewer.submit(f"{case}/notice", {"days": "10", "reason": WHY}).status_code == 302
    own = f"/my/recoveries/{only(session).id}"
    assert "하실 말씀이 있으면" in merchant.get(own).text
    assert merchant.submit(f"{own}/opinion", {"text": "모르고 받았습니다."}).status_code == 302
    assert "모르고 받았습니다." in reviewer.get(case).text
    assert reviewer.submit(f"{case}/hearing", {"note": HEARD}).status_code == 302
    draft = {"amount": "10,000", "cause": "corrected", "reason": WHY, "days": "30"}
    assert reviewer.submit(f"{case}/draft", draft).status_code == 302
    assert client_of(desk.office.approver).submit(f"{case}/order", {"confirmed": "y"}).status_code == 403
    assert decider.submit(f"{case}/order", {"confirmed": "y"}).status_code == 302
    assert "2026. 7. 15.까지" in merchant.get(own).text
    receipt = {"amount": "10,000", "reference": "N1", "received_on": "2026-06-15"}
    assert payer.submit(f"{case}/receipts", receipt).status_code == 302
    assert only(session).status is S.SETTLED
    assert "모두 받았습니다" in merchant.get(own).text


def test_what_is_wrong_is_said_beside_the_form_and_nothing_changes(
    desk: Desk, session: Session, client_of: ClientOf
) -> None:
    recovery = desk.ordered(10_000)
    payer = client_of(desk.office.payer)
    for form, said in (
        ({"amount": "10,010", "reference": "N1", "received_on": "2026-06-15"}, "10,000원까지입니다"),
        ({"amount": "10", "reference": "N1", "received_on": "2026-06-16"}, "오늘보다 뒤의 날짜"),
        ({"amount": "10", "reference": "", "received_on": "2026-06-15"}, "aria-invalid"),
    ):
        answer = payer.submit(f"/office/recoveries/{recovery.id}/receipts", form)
        assert answer.status_code == 422
        assert said in answer.text
    good = {"amount": "10", "reference": "N1", "received_on": "2026-06-15"}
    assert payer.submit(f"/office/recoveries/{recovery.id}/receipts", good).status_code == 302
    again = payer.submit(f"/office/recoveries/{recovery.id}/receipts", good)
    assert (again.status_code, "이미 적은 은행 거래번호입니다" in again.text) == (409, True)
    reviewer = client_of(desk.office.reviewer)
    lines = {"lines": "2026-07-31 5,000\n2026-08-31 4,000"}
    answer = reviewer.submit(f"/office/recoveries/{recovery.id}/instalments", lines)
    assert (answer.status_code, "9,000 / 9,990" in answer.text) == (422, True)
    answer = reviewer.submit(f"/office/recoveries/{recovery.id}/instalments", {"lines": "다음 달"})
    assert (answer.status_code, "날짜와 금액으로 읽을 수 없습니다" in answer.text) == (422, True)
    assert only(session).fulfilled == 10


def test_a_merchant_reports_a_month_agrees_to_netting_and_sees_nobody_elses(
    desk: Desk, session: Session, client_of: ClientOf
) -> None:
    merchant = client_of(owner(desk))
    form = {"claim": str(desk.claims[0].id), "amount": "5,000", "reason": WHY}
    assert merchant.submit("/my/recoveries/new", form).status_code == 302
    mine = f"/my/recoveries/{only(session).id}"
    assert "알려 주신 내용을 살펴보고" in merchant.get(mine).text
    assert merchant.submit("/my/recoveries/new", form).status_code == 422  # the month is no longer on offer
    stranger = client_of(make_merchant_user(session))
    assert stranger.get(mine).status_code == 404
    assert "알릴 수 있는 달이 없습니다" in stranger.get("/my/recoveries/new").text


def test_the_list_shows_what_is_overdue_first_in_a_fixed_number_of_statements(
    desk: Desk, client_of: ClientOf, clock: Clock, statement_counter: Callable[..., object]
) -> None:
    desk.ordered(10_000)
    auditor = client_of(desk.office.reviewer)
    assert "30일 남음" in auditor.get("/office/recoveries").text
    assert "조건에 맞는 환수가 없습니다." in auditor.get("/office/recoveries?view=overdue").text
    assert auditor.get("/office/recoveries?view=all&after=x_1").status_code == 404
    assert auditor.get("/office/recoveries?view=nonsense").status_code == 200
    with statement_counter() as statements:  # ty: ignore
        auditor.get("/office/recoveries")
    assert len(statements) <= 8


def test_whoever_pays_in_parts_reads_the_part_that_is_due_and_what_is_paid(
    desk: Desk, session: Session, client_of: ClientOf
) -> None:
    recovery = desk.ordered(10_000)
    merchant = client_of(owner(desk))
    assert "돌려주실 지원금이 정해졌습니다" in merchant.get("/my/").text
    assert "전화해 주세요" in text_of(merchant.get(f"/my/recoveries/{recovery.id}").text)
    schedule = [Instalment(AT.date() + timedelta(days=days), won) for days, won in ((30, 4_000), (60, 6_000))]
    recovery_endings.propose_instalments(session, recovery.id, schedule, by=desk.reviewer, at=AT)
    recovery_endings.approve_instalments(session, desk.stores, recovery.id, by=actor(desk.decider), at=AT)
    page = text_of(merchant.get(f"/my/recoveries/{recovery.id}").text)
    assert "이번에 낼 금액 4,000원 2026. 7. 15.까지 남은 금액 모두 10,000원" in page
    assert "한 번에 내기 어려우면" not in page
    desk.pay(recovery, 5_000, "N1")
    page = text_of(merchant.get(f"/my/recoveries/{recovery.id}").text)
    assert "이번에 낼 금액 5,000원 2026. 8. 14.까지 남은 금액 모두 5,000원" in page
    assert "2026. 7. 15. 4,000원 냄 2026. 8. 14. 6,000원 이번 차례" in page


def test_what_was_found_of_an_answer_is_entered_once_it_came_or_the_time_is_over(
    desk: Desk, client_of: ClientOf, clock: Clock
) -> None:
    case = f"/office/recoveries/{desk.told(10_000).id}"
    early = client_of(desk.office.reviewer).get(case).text
    assert ("2026. 6. 25.까지 의견을 낼 수 있습니다" in early, f"{case}/hearing" in early) == (True, False)
    clock.shift(timedelta(days=11))
    assert f"{case}/hearing" in client_of(desk.office.reviewer).get(case).text


def test_while_the_money_is_back_at_the_office_both_sides_read_so_and_what_follows(
    desk: Desk, session: Session, client_of: ClientOf
) -> None:
    case = desk.told(10_000)
    pages = [(client_of(desk.office.reviewer), "/office/recoveries"), (client_of(owner(desk)), "/my/recoveries")]

    def said() -> list[str]:
        session.commit()
        return [text_of(client.get(f"{address}/{case.id}").text) for client, address in pages]

    assert not any("되돌아와" in text for text in said())
    run = session.scalars(select(PaymentRun)).one()
    back = approved_claims.answer(run, (0, "returned"))
    payments.settle(session, desk.stores, run.id, back, by=desk.payer, at=AT)
    official, merchant = said()
    assert "다시 지급된 뒤에 환수를 결정할 수 있습니다" in official
    assert "받을 계좌를 고치면 다시 보내 드립니다" in merchant
