"""An association's pages, its members' answers, and what the office sees of both."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from portal.domain.roster_tables import COLUMNS
from portal.domain.rosters import MemberStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.mandates import Mandate
from portal.models.proxy_entries import ProxyEntry
from portal.models.rosters import Roster, RosterMember
from portal.services import decisions, declarations, rosters
from portal.storage.objects import Stores
from tests import pages
from tests.applying import pdf
from tests.cases import business_number, recommend
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_official
from tests.rosters import CODE, Market, entry, open_market, open_roster

ClientOf = Callable[[User], PortalClient]
ROW = {
    "사업자등록번호": business_number(81_001),
    "상호": "자갈치횟집",
    "대표자": "김자갈",
    "대표자 생년월일": "1963. 4. 5.",
    "전화번호": "010-2000-3000",
    "사업장 주소": "자갈치로 2",
    "업종": "한식 일반 음식점업",
    "개업일": "20100302",
    "상시 근로자 수": "1",
    "은행": "부산은행",
    "계좌번호": "0123-456-789012",
    "예금주": "김자갈",
    "매장 번호": "D001",
}


@pytest.fixture
def market(session: Session, stores: Stores) -> Market:
    made = open_market(session, stores)
    session.commit()
    return made


def table(*rows: Mapping[str, object]) -> tuple[io.BytesIO, str]:
    """A workbook as people send it: a title over the headings, the columns in their own order."""
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "우리 시장 명단")
        names = list(COLUMNS)[::-1]
        sheet.write_row(1, 0, names)
        for number, row in enumerate(rows, 2):
            for place, name in enumerate(names):
                sheet.write(number, place, row.get(name, ""))
    return io.BytesIO(out.getvalue()), "명단.xlsx"


def upload(client: PortalClient, market: Market, file: tuple[io.BytesIO, str]) -> str:
    url = f"/my/rosters/{market.roster.id}/file"
    answer = client.submit(url, {"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 200, pages.problems(answer)
    return pages.text_of(answer.text)


def test_each_row_of_a_table_is_taken_in_or_told_what_is_wrong_with_it(market: Market, client_of: ClientOf) -> None:
    client = client_of(market.head)
    wrong = {**ROW, "사업자등록번호": "123-45-67890", "상호": "틀린집", "은행": "없는은행"}
    said = upload(client, market, table(ROW, wrong, ROW, {**ROW, "사업자등록번호": business_number(81_002),
                                                          "상호": "숫자집", "계좌번호": 123456789012}))  # fmt: skip
    assert "1명을 명단에 넣었습니다" in said
    assert "4 틀린집" in said
    assert "5 자갈치횟집 이 사업자는 이미 이 명단에 있습니다." in said
    assert "6 숫자집 계좌번호: 계좌번호가 숫자로 저장되어" in said
    (member,) = market.session.scalars(select(RosterMember)).all()
    assert (member.account_number, member.bank_code, member.born_on) == ("0123456789012", "032", "1963-04-05")
    text = "사업자등록번호,상호\n1,x\n".encode("cp949")
    assert "고칠 줄" in upload(client, market, (io.BytesIO(text), "명단.csv"))
    url = f"/my/rosters/{market.roster.id}/file"
    none = {"file": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")}
    refused = client.submit(url, none, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "머리글을 찾지 못했습니다" in refused.text
    assert client.get(f"/my/rosters/{market.roster.id}/template.xlsx").data.startswith(b"PK")


def test_from_the_list_to_the_stores_on_the_market(market: Market, client_of: ClientOf) -> None:
    session, head = market.session, client_of(market.head)
    owner, place = market.with_account(2)
    session.commit()
    assert "자갈치시장 상인회" in head.get("/my/rosters").text
    page = f"/my/rosters/{market.roster.id}"
    form = {"business_number": entry(2).business_number, "trade_name": "자갈치상회 2", "store_id": "D002"}
    assert head.submit(f"{page}/members/new", form).status_code == 302
    upload(head, market, table(ROW))
    member = client_of(owner)
    asked, signed = session.scalars(select(RosterMember).order_by(RosterMember.id)).all()
    assert "자갈치시장 상인회" in member.get("/my/memberships").text
    assert head.submit(f"/my/memberships/{asked.id}/confirmation").status_code == 404
    assert member.submit(f"/my/memberships/{asked.id}/confirmation").status_code == 302
    paper = {"signed": [str(signed.id)], "paper": pdf("연명부.pdf")}
    assert head.submit(f"{page}/signatures", paper, content_type="multipart/form-data").status_code == 302
    assert head.submit(f"{page}/hand-in", {}).status_code == 422
    assert head.submit(f"{page}/hand-in", {"sure": "y"}).status_code == 302
    session.expire_all()
    assert {each.status for each in session.scalars(select(RosterMember))} == {MemberStatus.HANDED_IN}
    reviewer, approver = map(client_of, market.officials)
    office = f"/office/rosters/{market.roster.id}"
    assert office in reviewer.get("/office/rosters").text
    shown = pages.text_of(reviewer.get(office).text)
    assert "포털에서 본인 확인" in shown
    assert 'data-all-of="case"' in reviewer.get(office).text
    assert "연명부.pdf" in shown
    assert reviewer.get(f"{office}/papers/1").data.startswith(b"%PDF")
    early = reviewer.submit(f"{office}/links")
    assert (early.status_code, "자갈치횟집" in early.text) == (
        409,
        True,
    )  # on the page of the list, not on that of all lists
    by, decider = map(actor, market.officials)
    look_at(reviewer, market, office)
    for application in session.scalars(select(Application)):
        for official in (by, decider):
            declarations.declare_none(session, [application.id], by=official, at=AT)
        recommend(session, application, by)
        decisions.approve(session, market.stores, application.id, by=decider, at=AT)
    session.commit()
    assert approver.submit(f"{office}/links").status_code == 403
    assert reviewer.submit(f"{office}/links").status_code == 302
    session.expire_all()
    assert {(link.store_id, link.status) for link in session.scalars(select(PlatformLink))} == {
        ("D001", "confirmed"),
        ("D002", "confirmed"),
    }
    assert "교부 결정" in head.get(page).text
    mandate = session.scalars(select(Mandate).where(Mandate.merchant_id == place.id)).one()
    assert member.submit(f"/my/agents/{mandate.id}/revocation").status_code == 302
    left = pages.text_of(head.get(page).text)
    assert left.count("교부 결정") == 1  # how the one who took it back fares is not told any more
    assert "거둠" in left


def look_at(reviewer: PortalClient, market: Market, office: str) -> None:
    """From the page of the list to the paper beside the whole account, and back."""
    seen = market.session.scalars(select(ProxyEntry)).one()
    here = f"/office/proxy/entries/{seen.id}"
    assert f'href="{here}"' in reviewer.get(office).text
    page = pages.text_of(reviewer.get(here).text)
    for said in (seen.merchant.account_number, "서명한 연명부", "연명부.pdf", "통장 사본의 은행, 계좌번호, 예금주"):
        assert said in page, said
    assert reviewer.get(f"{here}/consent").data.startswith(b"%PDF")
    assert reviewer.submit(f"{here}/confirmation").status_code == 302
    market.session.expire_all()


def test_another_associations_and_another_offices_lists_are_not_found(market: Market, client_of: ClientOf) -> None:
    market.add(1)
    market.session.commit()
    stranger, elsewhere = client_of(make_merchant_user(market.session)), client_of(make_official(market.session))
    page = f"/my/rosters/{market.roster.id}"
    assert {stranger.get(f"{page}{rest}").status_code for rest in ("", "/file", "/signatures", "/papers/1")} == {404}
    assert stranger.submit(f"{page}/members/1/removal").status_code == 404
    assert elsewhere.get(f"/office/rosters/{market.roster.id}").status_code in (403, 404)
    reviewer = client_of(market.officials[0])
    assert reviewer.get(f"/office/rosters/{market.roster.id}").status_code == 404  # nobody is handed in yet
    assert reviewer.get(page).status_code == 403


def test_a_list_begins_with_the_association_and_ends_by_giving_up(market: Market, client_of: ClientOf) -> None:
    head = client_of(market.head)
    form = {
        "programme": CODE,
        "association": "부평상인회",
        "number": "7",
        "market": "부평시장",
        "phone": "051-200-3000",
    }
    assert head.submit("/my/rosters/new", form).status_code == 422
    made = head.submit("/my/rosters/new", {**form, "region_code": "26110"})
    assert made.status_code == 302, pages.problems(made)
    assert head.submit(f"{made.location}/withdrawal").status_code == 302
    assert market.session.scalars(select(Roster.status).order_by(Roster.id)).all() == ["draft", "withdrawn"]


def test_a_member_reads_why_it_cannot_consent_and_what_it_may_do(market: Market, client_of: ClientOf) -> None:
    session = market.session
    owner, _place = market.with_account(4)
    first = market.add(4)
    other = make_merchant_user(session, name="최회장")
    theirs = open_roster(session, other, association="부평시장 상인회")
    second = rosters.add(session, theirs.id, entry(4), by=actor(other), at=AT)
    session.commit()
    member = client_of(owner)
    assert member.submit(f"/my/memberships/{first.id}/confirmation").status_code == 302
    refused = member.submit(f"/my/memberships/{second.id}/confirmation")
    assert (refused.status_code, "먼저 그 동의를 거두어 주세요" in refused.text) == (409, True)
    assert "본인에게 확인해 주세요" not in refused.text
    assert "마음이 바뀌면" not in refused.text
    assert member.submit(f"/my/memberships/{first.id}/refusal").status_code == 302
    assert "마음이 바뀌면 상인회에 전화해" in member.get("/my/memberships").text
    page = f"/my/rosters/{market.roster.id}"
    assert client_of(market.head).submit(f"{page}/members/{first.id}/removal").status_code == 302
    assert market.add(4).status is MemberStatus.WAITING  # asked anew
    session.commit()
    assert member.submit(f"/my/memberships/{second.id}/confirmation").status_code == 302


def test_who_applies_alone_is_not_led_to_the_associations_way(market: Market, client_of: ClientOf) -> None:
    owner, place = market.with_account(6)
    market.session.commit()
    member = client_of(owner)
    begun = member.submit("/my/applications/new", {"programme": CODE, "merchant": str(place.id)})
    assert begun.location.endswith("/check")
    shown = member.get(begun.location).text
    assert ("다음: 상인회를 통한" in shown, "/short" in shown) == (False, False)
    assert "다음: 상인이 직접 신청</a>" in shown
