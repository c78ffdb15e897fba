"""Files are delivered through the page; what is wrong with one is said in Korean and changes nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.accounts import User
from portal.models.receipts import Receipt
from portal.models.settlements import Delivery
from tests.clients import PortalClient
from tests.factories import make_official, make_organisation
from tests.pages import problems
from tests.platform_samples import SAMPLES, locked, table, written
from tests.settled import Office, csv_of, line
from tests.working import do_all, seen_through

ClientOf = Callable[[User], PortalClient]
GOOD = [line("S1", "2026-05-03 12:00", order_no="A1"), line("S2", "2026-05-04 12:00", order_no="A2", fee=4_000)]


@pytest.fixture
def desk(session: Session, client_of: ClientOf) -> PortalClient:
    return client_of(make_official(session, Role.REVIEWER))


def upload(desk: PortalClient, content: bytes, *, name: str = "may.csv", **changed: str):
    """Hands it in, and lets a worker read it: the answer is that of the page which shows how it goes."""
    data = {"platform": "baemin", "period": "2026-05", **changed, "file": (io.BytesIO(content), name)}
    answer = desk.submit("/office/settlements/new", data, content_type="multipart/form-data")
    return seen_through(desk, answer)


def test_a_file_is_taken_in_and_its_outcome_shown(session: Session, desk: PortalClient) -> None:
    answer = upload(desk, csv_of([*GOOD, line("S1", "2026-06-01 00:00", order_no="=1+2")]))
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    assert "파일을 받았습니다. 줄마다" in page
    assert "올린 달의 주문이 아닙니다" in page
    assert "7,000" in page
    assert "배달의민족" in desk.get("/office/settlements").text


def test_an_odd_average_is_said_on_the_page_and_in_the_list(desk: PortalClient) -> None:
    assert "평균 주문금액 확인" not in desk.get(upload(desk, csv_of(GOOD)).location).text
    assert "평균 주문금액 확인" not in desk.get("/office/settlements").text
    odd = [line("S9", f"2026-05-0{day} 12:00", amount=210_000) for day in range(1, 6)]
    page = desk.get(upload(desk, csv_of(odd)).location).text
    for said in ("S9", "<strong>210,000</strong>", "8,000~80,000", "0이 더 붙은 것 같습니다", "연결된 사업장 없음"):
        assert said in page
    assert "평균 주문금액 확인" in desk.get("/office/settlements").text


def test_the_same_file_again_leads_to_the_first_answer(session: Session, desk: PortalClient) -> None:
    first, again = upload(desk, csv_of(GOOD)), upload(desk, csv_of(GOOD), name="other.csv")
    assert again.request.path == first.location
    assert "이미 받은 파일입니다" in again.text


SEEN_AT_ONCE = {
    "no bytes": (b"", "비어 있습니다"),
    "a PDF called csv": (b"%PDF-1.4\n%%EOF", "서로 다릅니다"),
    "a workbook called csv": (b"PK\x03\x04" + b"\0" * 80, "서로 다릅니다"),
    "an archive called csv": (b"\x1f\x8b\x08" + b"\0" * 80, "서로 다릅니다"),
}
SEEN_WHEN_READ = {
    "header only": (csv_of([]), "거래가 한 줄도 없습니다"),
    "missing column": (csv_of(GOOD).replace(b"store_id", b"shop", 1), "‘store_id’ 열이 없습니다"),
    "a web page called csv": (b"<html><body>login</body></html>", "표로 된 파일이 아닙니다"),
    "one line of 20 MB": (b"a" * 20_000_000, "한 줄이 너무 깁니다"),
    "semicolons": (csv_of(GOOD).replace(b",", b";"), "쉼표로 나눈 파일이 아닙니다"),
}


@pytest.mark.parametrize("name", SEEN_AT_ONCE)
def test_what_is_no_file_of_the_kind_is_said_at_once_and_kept_nowhere(session, desk: PortalClient, name: str) -> None:
    content, said = SEEN_AT_ONCE[name]
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert any(said in line for line in problems(answer)), problems(answer)
    assert 'value="2026-05"' in answer.text
    assert session.scalars(select(Receipt)).all() == []


@pytest.mark.parametrize("name", SEEN_WHEN_READ)
def test_a_file_that_cannot_be_read_is_explained_and_changes_nothing(session, desk: PortalClient, name: str) -> None:
    content, said = SEEN_WHEN_READ[name]
    answer = upload(desk, content)
    assert answer.status_code == 200
    assert said in answer.text
    assert "정산자료에 더한 것은 없습니다" in answer.text
    assert "instead_of=1" in answer.text
    assert session.scalars(select(Delivery)).all() == []


def test_a_file_to_look_at_is_listed_until_it_is_closed(desk: PortalClient) -> None:
    upload(desk, csv_of([]))
    assert "확인할 파일 1개" in desk.get("/office/settlements").text
    assert "받을 수 없는 파일" in desk.get("/office/settlements/receipts").text
    assert desk.submit("/office/settlements/receipts/1/closing", {"note": ""}).status_code == 422
    assert desk.submit("/office/settlements/receipts/1/closing", {"note": "다른 달"}).status_code == 302
    assert "확인할 파일이 없습니다" in desk.get("/office/settlements/receipts").text
    assert "확인이 끝나 닫은 파일입니다" in desk.get("/office/settlements/receipts/1").text
    assert desk.get("/office/settlements/receipts/1/file").data == csv_of([])


def test_a_file_that_waits_says_so_and_is_asked_for_anew(desk: PortalClient) -> None:
    data = {"platform": "baemin", "period": "2026-05", "file": (io.BytesIO(csv_of(GOOD)), "may.csv")}
    answer = desk.submit("/office/settlements/new", data, content_type="multipart/form-data")
    page = desk.get(answer.location)
    assert "차례를 기다리는 중" in page.text
    assert 'hx-trigger="load delay:1s' in page.text
    part = desk.get(f"{answer.location}/progress")
    assert "HX-Refresh" not in part.headers
    do_all(desk.application)
    assert desk.get(f"{answer.location}/progress").headers["HX-Refresh"] == "true"


def test_the_form_for_a_corrected_file_is_filled_in_already(desk: PortalClient) -> None:
    page = desk.get("/office/settlements/new?platform=baemin&period=2026-05&instead_of=1").text
    assert 'value="2026-05"' in page
    assert 'value="baemin" selected' in page or 'selected value="baemin"' in page


def test_a_request_larger_than_the_portal_takes_is_explained(desk: PortalClient) -> None:
    answer = upload(desk, b"a" * (65 * 1024 * 1024))
    assert answer.status_code == 413
    assert "보낸 내용이 너무 큽니다" in answer.text


def test_a_wrong_type_in_every_row_refuses_the_rows_not_the_file(session: Session, desk: PortalClient) -> None:
    answer = upload(desk, csv_of([line("S1", "어제", order_no="A1")]))
    assert answer.status_code == 302
    assert "날짜와 시각이 아닙니다" in desk.get(answer.location).text
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.accepted, delivery.refused) == (0, 1)


def test_refused_rows_are_downloaded_without_formulas(session: Session, desk: PortalClient) -> None:
    upload(desk, csv_of([*GOOD, ["", "=cmd|1" + "x" * 100, *line("S1", "어제", order_no="A9")[2:]]]))
    number = session.scalars(select(Delivery.id)).one()
    answer = desk.get(f"/office/settlements/{number}/refused.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert rows[1][:2] == ["3", "store_id"]
    assert rows[1][2].startswith("'=cmd|1")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_raw_file_is_downloaded_as_it_came(session: Session, desk: PortalClient) -> None:
    upload(desk, csv_of(GOOD))
    number = session.scalars(select(Delivery.id)).one()
    assert desk.get(f"/office/settlements/{number}/file").data == csv_of(GOOD)


def test_stores_nobody_linked_are_listed(desk: PortalClient) -> None:
    upload(desk, csv_of(GOOD))
    page = desk.get("/office/settlements/unlinked").text
    assert "S1" in page
    assert "S2" in page


def test_who_may_read_may_not_deliver_and_others_see_nothing(session, client_of: ClientOf, desk: PortalClient) -> None:
    location = upload(desk, csv_of(GOOD)).location
    auditor = client_of(make_official(session, Role.AUDITOR))
    assert auditor.get(location).status_code == 200
    assert upload(auditor, csv_of(GOOD)).status_code == 403
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    elsewhere = client_of(make_official(session, Role.REVIEWER, organisation=hadong))
    for path in ("", "/file", "/refused.csv"):
        assert elsewhere.get(location + path).status_code == 404
    for path in ("", "/progress", "/file", "/closing"):
        assert elsewhere.get(f"/office/settlements/receipts/1{path}").status_code == 404


def test_the_list_takes_the_same_number_of_statements_for_many(desk: PortalClient, statement_counter) -> None:
    counts = []
    for day in range(1, 4):
        upload(desk, csv_of([line("S1", f"2026-05-0{day} 12:00")]))
        with statement_counter() as statements:
            desk.get("/office/settlements")
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 6, counts


# Platforms' own files ------------------------------------------------------------------------------------------------


def sample_rows(**renamed: str) -> list[list[str]]:
    head, *rest = table("baemin.orders")
    return [[renamed.get(name, name) for name in head], *rest]


def test_a_platforms_own_workbook_is_taken_in_as_it_is(desk: PortalClient) -> None:
    page = desk.get(upload(desk, SAMPLES[0].content, name="배민 5월.xlsx").location).text
    assert "주문내역(건별)" in page
    assert "합계처럼 거래가 아닌 1줄은 뺐습니다" in page
    assert "조리중" in page
    assert "전산 담당자에게 알려 주세요" in page


def test_an_unknown_layout_shows_both_lists_of_columns_side_by_side(session: Session, desk: PortalClient) -> None:
    answer = upload(desk, written(sample_rows(주문상태="진행"), "xlsx"), name="may.xlsx")
    assert answer.status_code == 200
    assert "처음 보는 모양의 파일입니다" in answer.text
    compared = answer.text.partition("<tbody")[2].split("<tr role")
    first, second, third = (re.sub(r"<[^>]*>|\s+", " ", row) for row in compared[1:4])
    assert ("주문상태" in first, "파일에 없음" in first) == (True, True)
    assert ("진행" in second, "모르는 열" in second) == (True, True)
    assert "같음" in third
    assert session.scalars(select(Delivery)).all() == []


def test_a_protected_workbook_asks_for_its_password_at_its_field(session: Session, desk: PortalClient) -> None:
    content = locked(SAMPLES[0].content, "639120")
    asked, wrong = upload(desk, content, name="may.xlsx"), upload(desk, content, name="may.xlsx", password="1")
    assert 'type="password"' in asked.text
    assert "암호가 맞지 않습니다" in wrong.text
    again = desk.submit("/office/settlements/receipts/2/reading", {"password": "639120"})
    do_all(desk.application)
    assert "639120" not in again.text
    assert "/office/settlements/" in desk.get(again.location).location
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.accepted, "639120" in str(delivery.outcome)) == (4, False)


def test_the_form_lists_every_platforms_files(desk: PortalClient) -> None:
    page = desk.get("/office/settlements/new").text
    assert "정산명세서(상세)" in page
    assert ".xlsx" in page


# Whose an unlinked store may be ---------------------------------------------------------------------------------------


def test_a_suggestion_is_followed_with_one_click(session, stores, lines, client_of: ClientOf) -> None:
    office = Office(session, stores, lines)
    shop = office.grant(trade_name="산수유 국밥")
    office.deliver([line("@산수유국밥", "2026-05-03 12:00")], "2026-05")
    first, second = (client_of(make_official(session, Role.REVIEWER)) for _ in range(2))
    page = first.get("/office/settlements/unlinked").text
    assert "상호와 비슷함 (100%)" in page
    sent = {"platform": "baemin", "store_id": "@산수유국밥", "merchant": str(shop.merchant.id)}
    assert first.submit("/office/settlements/unlinked/link", sent).status_code == 302
    page = second.get("/office/settlements/unlinked").text
    assert "연결 신청이 있음" in page
    assert second.submit("/office/settlements/unlinked/link", sent).status_code == 302
    assert "모든 매장이 연결되어 있습니다" in second.get("/office/settlements/unlinked").text


def test_a_suggestion_made_up_is_not_found(session, stores, lines, client_of: ClientOf) -> None:
    office = Office(session, stores, lines)
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    desk = client_of(office.reviewer)
    sent = {"platform": "baemin", "store_id": "S1", "merchant": "4711"}
    assert desk.submit("/office/settlements/unlinked/link", sent).status_code == 404
    assert desk.submit("/office/settlements/unlinked/link", sent | {"merchant": "x"}).status_code == 422


def test_the_page_of_suggestions_takes_the_same_number_of_statements_for_many(
    session, stores, lines, client_of: ClientOf, statement_counter
) -> None:
    office = Office(session, stores, lines)
    desk = client_of(office.reviewer)
    counts = []
    for number in range(3):
        office.grant(trade_name=f"산수유 국밥 {number}")
        office.deliver([line(f"산수유국밥{number}", "2026-05-03 12:00")], "2026-05")
        with statement_counter() as statements:
            desk.get("/office/settlements/unlinked")
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 8, counts
