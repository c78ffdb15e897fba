"""Signals on the pages: the list and its filter, a verdict, and where else they are shown and to whom not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.signals import Rule, SignalStatus, Verdict
from portal.models.accounts import User
from portal.models.signals import Signal
from portal.services import payments
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.web import signal_labels
from tests import approved_claims
from tests.cases import Applied
from tests.clients import PortalClient
from tests.drawn_up import draw_up, only_claim
from tests.factories import AT, actor, make_official, make_organisation, make_programme
from tests.pages import text_of
from tests.settled import Office, line
from tests.signalled import REASON, judged, look, of_rule, pair
from tests.working import do_all

ClientOf = Callable[[User], PortalClient]
LIST = "/office/signals"
SEEN = "지급 계좌가 다른 사람의 사업장과 같습니다: 산수유 분식."


@pytest.fixture
def reviewer(session: Session) -> User:
    return make_official(session, Role.REVIEWER, name="검토자")


@pytest.fixture
def two(session: Session, stores: Stores, reviewer: User) -> list[Applied]:
    return pair(session, stores, make_programme(session))


@pytest.fixture
def signal(session: Session, lines: LineStore, two: list[Applied], reviewer: User) -> Signal:
    look(session, lines, actor(reviewer))
    return of_rule(session, Rule.SAME_ACCOUNT)[0]


def test_from_the_case_page_a_look_is_asked_for_and_a_verdict_given(
    app: Flask, session: Session, two: list[Applied], reviewer: User, client_of: ClientOf
) -> None:
    desk, case = client_of(reviewer), f"/office/applications/{two[0].id}"
    assert "보이는 의심 신호가 없습니다" in desk.get(case).text
    assert desk.submit(f"{case}/signals").location == f"{case}#signals"
    do_all(app)
    assert SEEN in text_of(desk.get(case).text)
    session.expire_all()
    signal = session.scalars(select(Signal)).one()  # of this business alone
    page = text_of(desk.get(f"{LIST}/{signal.id}").text)
    assert SEEN in page
    assert "이럴 수도 있습니다: 부부나 공동대표가" in page
    verdict = f"{LIST}/{signal.id}/verdict"
    assert desk.submit(verdict, {"verdict": "dismiss", "reason": "그냥"}).status_code == 422
    assert desk.submit(verdict, {"verdict": "dismiss", "reason": REASON}).status_code == 302
    page = text_of(desk.get(f"{LIST}/{signal.id}").text)
    assert "근거 없음" in page
    assert REASON in page
    assert SEEN in text_of(desk.get(case).text)  # it is still seen, with what was made of it


def test_the_whole_office_is_looked_at_and_the_list_narrowed(
    app: Flask, session: Session, two: list[Applied], reviewer: User, client_of: ClientOf
) -> None:
    desk = client_of(reviewer)
    assert "살펴본 적은 아직 없습니다" in desk.get(LIST).text
    assert desk.submit(f"{LIST}/rounds").status_code == 302
    do_all(app)
    page = text_of(desk.get(LIST).text)
    assert "사업장 2곳, 새 신호 2건, 달라진 신호 0건" in page
    assert SEEN in page
    assert "조건에 맞는 의심 신호가 없습니다" in desk.get(LIST, query_string={"rule": "jump"}).text
    assert "조건에 맞는 의심 신호가 없습니다" in desk.get(LIST, query_string={"view": "confirmed"}).text
    assert SEEN in text_of(desk.get(LIST, query_string={"view": "no such view", "rule": "no such rule"}).text)


def test_before_deciding_they_stand_on_the_page_of_the_step(
    signal: Signal, two: list[Applied], reviewer: User, client_of: ClientOf
) -> None:
    desk, case = client_of(reviewer), f"/office/applications/{two[0].id}"
    assert desk.submit(f"{case}/take-up").status_code == 302
    page = desk.get(f"{case}/recommendation")
    assert SEEN in text_of(page.text)
    assert f'href="{case}#received"' in page.text
    assert "이미 받은 지원" in desk.get(case).text


def test_a_payment_run_shows_what_is_suspected_of_its_payees_and_a_payer_judges_nothing(
    session: Session, stores: Stores, lines: LineStore, client_of: ClientOf
) -> None:
    office = approved_claims.open_office(session)
    first, second = approved_claims.make_claims(session, stores, office, [10_000, 20_000])
    second.merchant.account_index = first.merchant.account_index
    first.merchant.trade_name, second.merchant.trade_name = "섬진강 국밥", "산수유 분식"
    run = payments.prepare(session, approved_claims.CODE, by=actor(office.payer), at=AT)
    look(session, lines, actor(office.reviewer))
    signal = of_rule(session, Rule.SAME_ACCOUNT)[0]
    link = f'href="{LIST}/{signal.id}"'
    payer = client_of(office.payer)
    page = payer.get(f"/office/payments/{run.id}").text
    assert link in page
    assert "섬진강 국밥 다른 사람과 같은 계좌" in text_of(page)
    assert SEEN in text_of(page)
    shown = payer.get(f"{LIST}/{signal.id}")
    assert (shown.status_code, "판단하기" in shown.text) == (200, False)
    assert payer.get(f"{LIST}/{signal.id}/verdict").status_code == 403


def test_a_claim_shows_what_is_suspected_of_its_business_and_of_no_other(
    session: Session, stores: Stores, lines: LineStore, client_of: ClientOf
) -> None:
    office = Office(session, stores, lines)
    first, second = office.shop("S1"), office.shop("S2")
    second.merchant.account_index = first.merchant.account_index
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    look(session, lines, actor(office.reviewer))
    mine, other = of_rule(session, Rule.SAME_ACCOUNT)
    page = client_of(office.reviewer).get(f"/office/claims/{only_claim(office).id}").text
    assert f'href="{LIST}/{mine.id}"' in page
    assert f'href="{LIST}/{other.id}"' not in page


def test_an_administrator_sees_false_alarms_by_rule_and_no_case(
    session: Session, signal: Signal, reviewer: User, client_of: ClientOf
) -> None:
    judged(session, signal, Verdict.DISMISS, actor(reviewer))
    administrator = client_of(make_official(session, Role.ADMINISTRATOR))
    page = text_of(administrator.get(f"{LIST}/rules").text)
    assert "다른 사람과 같은 계좌 1 0 1 100% 2" in page
    assert "예시(확인 필요)" in page
    assert "섬진강" not in page
    assert administrator.get(LIST).status_code == 403
    assert client_of(reviewer).get(f"{LIST}/rules").status_code == 403


def test_nobody_of_another_office_and_no_merchant_sees_them(
    session: Session, signal: Signal, two: list[Applied], client_of: ClientOf
) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = client_of(make_official(session, Role.REVIEWER, organisation=elsewhere))
    assert foreign.get(f"{LIST}/{signal.id}").status_code == 404
    assert "섬진강" not in foreign.get(LIST, query_string={"view": "all"}).text
    assert foreign.submit(f"/office/applications/{two[0].id}/signals").status_code in (403, 404)
    merchant = client_of(two[0].owner)
    assert merchant.get(LIST).status_code in (302, 403)
    assert "같은 계좌" not in merchant.get(f"/my/applications/{two[0].id}").text


def test_every_rule_status_and_verdict_has_its_words() -> None:
    assert set(signal_labels.RULES) == set(signal_labels.HARMLESS) == set(signal_labels._WORDS) == set(Rule)
    assert set(signal_labels.STATUSES) == set(SignalStatus)
    assert set(signal_labels.VERDICTS) == set(Verdict)


FACTS = {
    Rule.SEVERAL_APPLICATIONS: {"programme": "배달비 지원", "others": [{"merchant": 2, "name": "산수유 분식"}]},
    Rule.SAME_DOCUMENT: {"files": 2, "others": [{"merchant": 2, "name": "", "offices": ["해남군", "하동군"]}]},
    Rule.REOPENED: {"closed_on": "2026-04-20", "days": 11, "others": [{"merchant": 2, "name": "옛집", "offices": []}]},
    Rule.ACCOUNT_CHANGED: {"changed_on": "2026-06-10", "paid_on": "2026-06-15", "days": 5},
    Rule.PAID_TWICE: {
        "month": "2026-05",
        "platform": "baemin",
        "item": "delivery",
        "programmes": [
            {"programme": "갑 사업", "office": "", "won": 7000},
            {"programme": "을 사업", "office": "해남군", "won": None},
        ],
    },
    Rule.NIGHT_ORDERS: {"month": "2026-05", "night": 20, "orders": 60, "from_hour": 2, "until_hour": 6},
    Rule.JUMP: {"month": "2026-07", "orders": 120, "before": [20, 21, 1200], "call": "2026-06-01"},
    Rule.ROUND_AMOUNTS: {"month": "2026-05", "round": 30, "orders": 40, "unit": 10_000},
    Rule.REPEATED_ORDERS: {
        "month": "2026-05", "runs": 3, "orders": 14, "minutes": 10, "longest": 6, "amount": 17_300, "day": "2026-05-03",
    },
    Rule.CANCELLED_THEN_CLAIMED: {"month": "2026-05", "back": 3, "orders": 40, "numbers": ["A1", "A2"]},
    Rule.SALES_ABOVE_STATED: {"year": 2025, "won": 144_000_000, "stated": 120_000_000},
}  # fmt: skip
SENTENCES = {
    Rule.SEVERAL_APPLICATIONS: "‘배달비 지원’에 같은 사람의 사업장 2곳이 신청했습니다. 나머지: 산수유 분식.",
    Rule.SAME_DOCUMENT: "다른 사람의 사업장이 낸 것과 똑같은 파일이 2개 있습니다: 해남군·하동군에 신청한 사업장.",
    Rule.REOPENED: "같은 주소의 사업장(옛집)이 2026. 4. 20.에 폐업하고 11일 뒤에 문을 열었습니다.",
    Rule.ACCOUNT_CHANGED: "2026. 6. 10.에 지급 계좌를 바꾸고 5일 뒤인 2026. 6. 15. 지급 목록에 들어갔습니다.",
    Rule.PAID_TWICE: "배달의민족의 배달 대행비 항목을 여러 사업에서 지원합니다: 갑 사업 7,000원, 을 사업 (해남군).",
    Rule.NIGHT_ORDERS: "완료 주문 60건 가운데 20건(33%)이 2시부터 6시 사이에 들어왔습니다.",
    Rule.JUMP: "공고(2026. 6. 1.) 전 달마다 20·21·1,200건이던 주문이",
    Rule.ROUND_AMOUNTS: "완료 주문 40건 가운데 30건(75%)의 금액이 10,000원으로 나누어떨어집니다.",
    Rule.REPEATED_ORDERS: "10분 안에 이어진 일이 3번(모두 14건) 있습니다. 2026. 5. 3.에는 17,300원 주문이 6건",
    Rule.CANCELLED_THEN_CLAIMED: "완료 주문 40건 가운데 3건은 취소로 알렸다가 완료로 바뀌어 산정에 들었습니다.",
    Rule.SALES_ABOVE_STATED: "2025년 플랫폼 매출이 144,000,000원으로, 신고한 한 해 매출 120,000,000원보다 많습니다.",
}


@pytest.mark.parametrize("rule", FACTS)
def test_a_rule_says_what_it_saw_in_a_sentence(app: Flask, rule: Rule) -> None:
    with app.test_request_context():
        assert SENTENCES[rule] in signal_labels.said(Signal(rule=rule, facts=FACTS[rule]))
