"""A month is drawn up, approved by another person, and every line of it explained to the merchant."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.claims import ClaimStatus
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.services import explanations
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.clients import PortalClient
from tests.factories import make_merchant_user, make_official, make_organisation
from tests.pages import problems, text_of
from tests.settled import Office, line
from tests.working import do_all, seen_through

ClientOf = Callable[[User], PortalClient]
MONTH = "/office/claims/gurye-2020-o2o/2026-05"


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def draw_up(desk: PortalClient, **changed: str):
    form = {"programme": "gurye-2020-o2o", "period": "2026-05", **changed}
    return seen_through(desk, desk.submit("/office/claims/new", form))


def approve(desk: PortalClient):
    """Presses the button of the page, with what it showed."""
    page = desk.get(MONTH).text
    shown = dict(re.findall(r'name="(claims|won)" value="(\d+)"', page))
    return desk.submit(f"{MONTH}/approval", shown)


def test_a_month_is_drawn_up_approved_and_explained(session: Session, client_of: ClientOf, office: Office) -> None:
    shop = office.shop("S1", trade_name="섬진강 국밥")
    office.deliver(
        [
            line("S1", "2026-05-03 12:00", order_no="B2C3000001", fee=9_000),
            line("S1", "2026-05-04 12:00", order_no="B2C3000002", status="cancelled"),
        ],
        "2026-05",
    )
    answer = draw_up(client_of(office.reviewer))
    assert answer.location == MONTH
    page = client_of(office.reviewer).get(MONTH).text
    assert "섬진강 국밥" in page
    assert "모두 승인하기" not in page
    approver = client_of(office.approver)
    assert approve(approver).status_code == 302
    assert "지급 승인" in approver.get(MONTH).text
    merchant = client_of(shop.owner)
    assert "2026. 5." in merchant.get("/my/claims").text
    claim = session.scalars(select(Claim)).one()
    told = text_of(merchant.get(f"/my/claims/{claim.id}").text)
    assert "2,000원" in told
    assert "주문 한 건의 한도: 2,500원 줄임 (공고 제4조제2항)" in told
    assert "취소된 주문이라 지원하지 않습니다." in told
    assert "가게가 낸 비용의 50% (공고 제4조제1항)" in told
    assert "…000001" in told


def test_the_explanation_is_downloaded_whole_and_without_formulas(session, client_of: ClientOf, office: Office) -> None:
    shop = office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00", order_no="=A1", promotion=1_000)], "2026-05")
    draw_up(client_of(office.reviewer))
    claim = session.scalars(select(Claim)).one()
    answer = client_of(shop.owner).get(f"/my/claims/{claim.id}/lines.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["order_no"], row["item"], row["counted_won"], row["reason"]) for row in rows] == [
        ("'=A1", "delivery", "1500.0000", "paid"),
        ("'=A1", "promotion", "800.0000", "paid"),
    ]
    official = client_of(office.approver).get(f"/office/claims/{claim.id}/lines.csv")
    assert official.data == answer.data


def test_the_one_who_drew_up_is_told_that_another_must_approve(session, client_of: ClientOf, office: Office) -> None:
    both = make_official(session, Role.REVIEWER, Role.APPROVER)
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    desk = client_of(both)
    draw_up(desk)
    answer = approve(desk)
    assert answer.status_code == 403
    assert "같은 사람이 이어서 처리할 수 없습니다" in answer.text
    session.expire_all()
    assert session.scalars(select(Claim.status)).all() == [ClaimStatus.DRAWN_UP]


def test_a_second_approval_and_a_stale_page_change_nothing(session, client_of: ClientOf, office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(client_of(office.reviewer))
    desk = client_of(office.approver)
    stale = desk.submit(f"{MONTH}/approval", {"claims": "1", "won": "1"})
    assert stale.status_code == 409
    assert "다시 산정되었습니다" in stale.text
    assert approve(desk).status_code == 302
    again = desk.submit(f"{MONTH}/approval", {"claims": "1", "won": "1500"})
    assert again.status_code == 422
    assert "승인을 기다리는 지원금이 없습니다" in again.text


@pytest.mark.parametrize(("period", "said"), [("2026-13", "달을 연-월 순서로"), ("", "산정할 달")])
def test_a_month_that_is_none_is_refused(client_of: ClientOf, office: Office, period: str, said: str) -> None:
    answer = draw_up(client_of(office.reviewer), period=period)
    assert answer.status_code == 422
    assert any(said in line for line in problems(answer))


def test_without_lines_there_is_nothing_to_draw_up(client_of: ClientOf, office: Office) -> None:
    answer = draw_up(client_of(office.reviewer))
    assert answer.status_code == 422
    assert "받은 정산자료가 없습니다" in "".join(problems(answer))


def test_long_months_come_in_pages(session, client_of: ClientOf, office: Office, monkeypatch) -> None:
    monkeypatch.setattr(explanations, "PAGE", 2)
    shop = office.shop("S1")
    office.deliver([line("S1", f"2026-05-0{day} 12:00", order_no=f"D{day}") for day in range(1, 6)], "2026-05")
    draw_up(client_of(office.reviewer))
    claim = session.scalars(select(Claim)).one()
    merchant = client_of(shop.owner)
    shown = [re.findall(r">(D\d)<", merchant.get(f"/my/claims/{claim.id}?start={start}").text) for start in (0, 2, 4)]
    assert shown == [["D1", "D2"], ["D3", "D4"], ["D5"]]
    assert merchant.get(f"/my/claims/{claim.id}?start=99").status_code == 200
    assert merchant.get(f"/my/claims/{claim.id}?start=-7").status_code == 200


def test_others_claims_are_not_found(session, client_of: ClientOf, office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(client_of(office.reviewer))
    number = session.scalars(select(Claim.id)).one()
    stranger = client_of(make_merchant_user(session))
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    elsewhere = client_of(make_official(session, Role.APPROVER, organisation=hadong))
    for path in (f"/{number}", f"/{number}/lines.csv"):
        assert stranger.get(f"/my/claims{path}").status_code == 404
        assert elsewhere.get(f"/office/claims{path}").status_code == 404
    assert elsewhere.get(MONTH).status_code == 404
    assert elsewhere.submit(f"{MONTH}/approval", {"claims": "1", "won": "1500"}).status_code == 404


def test_pages_take_a_fixed_number_of_statements(
    session, client_of: ClientOf, office: Office, statement_counter
) -> None:
    desk, counts = client_of(office.reviewer), []
    for store in ("S1", "S2"):
        shop = office.shop(store)
        office.deliver([line(store, f"2026-05-0{day} 12:00") for day in range(1, 9)], "2026-05")
        draw_up(desk)
        claim = session.scalars(select(Claim).order_by(Claim.id.desc())).first()
        merchant = client_of(shop.owner)
        for browser, url in (
            (desk, "/office/claims"),
            (desk, MONTH),
            (desk, f"/office/claims/{claim.id}"),
            (merchant, "/my/claims"),
            (merchant, f"/my/claims/{claim.id}"),
        ):
            with statement_counter() as statements:
                assert browser.get(url).status_code == 200
            counts.append(len(statements))
    assert counts[:5] == counts[5:]
    assert max(counts) <= 12, counts


def test_a_draw_up_that_waits_says_so_and_is_asked_for_once(client_of: ClientOf, office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    desk = client_of(office.reviewer)
    form = {"programme": "gurye-2020-o2o", "period": "2026-05"}
    first, again = (desk.submit("/office/claims/new", form).location for _ in range(2))
    assert first == again
    assert "이 화면을 닫아도 계속 계산합니다" in desk.get(first).text
    assert "HX-Refresh" not in desk.get(f"{first}/progress").headers
    do_all(desk.application)
    assert desk.get(f"{first}/progress").headers["HX-Refresh"] == "true"
    assert desk.get(first).location == MONTH
    assert "새로 산정 1건" in desk.get(MONTH).text


def test_a_draw_up_of_another_office_is_not_found(session: Session, client_of: ClientOf, office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(client_of(office.reviewer))
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    elsewhere = client_of(make_official(session, Role.REVIEWER, organisation=hadong))
    for path in ("", "/progress"):
        assert elsewhere.get(f"/office/claims/drawings/1{path}").status_code == 404
