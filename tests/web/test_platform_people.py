"""A platform's person hands in a month, corrects what came back, answers for links; and sees nobody else's."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import FileRefused, Problem
from portal.domain.example_line import EXAMPLE, PERIOD
from portal.domain.links import LinkProposal, LinkStatus
from portal.domain.settlements import COLUMNS, DeliverSettlement
from portal.models.accounts import User
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.queries import settlements as look_up
from portal.services import links, receipts, settlements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.web.routing import table_of
from tests.clients import PortalClient
from tests.factories import AT, actor, make_organisation, make_platform_person
from tests.platform_samples import SAMPLES, locked, table, written
from tests.settled import Office, csv_of, line
from tests.web.test_services_in_kind import IN_KIND
from tests.working import do_all

ClientOf = Callable[[User], PortalClient]
GOOD = [line("S1", "2026-05-03 12:00", order_no="A1"), line("S2", "2026-05-04 12:00", order_no="A2")]
WRONG = line("S1", "2026-06-01 00:00", order_no="A3")


@pytest.fixture
def clerk(session: Session) -> User:
    return make_platform_person(session)


@pytest.fixture
def desk(clerk: User, client_of: ClientOf) -> PortalClient:
    return client_of(clerk)


def upload(desk: PortalClient, content: bytes, *, name: str = "may.csv", query: str = "", **changed: str) -> Any:
    """Hands it in, and lets a worker read it: the answer is that of the page which shows how it goes."""
    data = {"period": "2026-05", **changed, "file": (io.BytesIO(content), name)}
    answer = desk.submit(f"/platform/settlements/new{query}", data, content_type="multipart/form-data")
    if answer.status_code != 302 or "/receipts/" not in answer.location:
        return answer
    do_all(desk.application)
    return desk.get(answer.location)


def test_a_month_is_delivered_refused_rows_downloaded_and_delivered_again(session: Session, desk: PortalClient) -> None:
    assert desk.get("/platform/").status_code == 200
    answer = upload(desk, csv_of([*GOOD, WRONG]))
    assert answer.location == "/platform/settlements/1"
    assert "올린 달의 주문이 아닙니다" in desk.get(answer.location).text
    assert "돌려보낸 줄이 있는 자료" in desk.get("/platform/").text
    rows = list(csv.reader(io.StringIO(desk.get("/platform/settlements/1/refused.csv").data.decode("utf-8-sig"))))
    assert [(row[0], row[1]) for row in rows[1:]] == [("3", "ordered_at")]
    again = upload(desk, csv_of([*GOOD, line("S1", "2026-05-31 00:00", order_no="A3")]))
    assert desk.get(again.location).status_code == 200
    assert [(each.accepted, each.refused) for each in session.scalars(select(Delivery).order_by(Delivery.id))] == [
        (2, 1),
        (3, 0),
    ]
    assert desk.get("/platform/settlements/1/file").data == csv_of([*GOOD, WRONG])


def test_the_platform_is_the_persons_whatever_the_form_says(session: Session, desk: PortalClient) -> None:
    page = desk.get("/platform/settlements/new?platform=yogiyo").text
    assert 'name="platform"' not in page
    assert "요기요" not in page
    upload(desk, csv_of(GOOD), platform="yogiyo", query="?platform=yogiyo")
    assert [each.platform for each in session.scalars(select(Delivery))] == ["baemin"]


def test_a_file_that_cannot_be_read_is_explained_and_replaced(session: Session, desk: PortalClient) -> None:
    head, *rest = table("baemin.orders")
    page = upload(desk, written([[name.replace("주문상태", "진행") for name in head], *rest], "xlsx"), name="may.xlsx")
    assert "열 비교" in page.text
    assert "/platform/settlements/new?" in page.text
    assert "instead_of=1" in page.text
    assert "/office" not in page.text
    assert "확인할 파일" in desk.get("/platform/").text
    assert upload(desk, csv_of(GOOD), query="?instead_of=1").status_code == 302
    assert "확인이 끝나 닫은 파일입니다" in desk.get("/platform/receipts/1").text
    assert "확인할 파일이 없습니다" in desk.get("/platform/receipts").text


def test_a_protected_workbook_is_read_again_with_its_password(session: Session, desk: PortalClient) -> None:
    content = locked(SAMPLES[0].content, "639120")
    assert "파일 암호" in upload(desk, content, name="may.xlsx").text
    answer = desk.submit("/platform/receipts/1/reading", {"password": "639120"})
    assert answer.location == "/platform/receipts/2"
    do_all(desk.application)
    assert session.scalars(select(Delivery)).one().accepted > 0


def test_the_template_is_read_for_its_own_month_and_goes_back_for_any_other(
    session: Session, stores: Stores, lines: LineStore, desk: PortalClient, clerk: User
) -> None:
    template = desk.get("/platform/columns/template.csv").data
    assert list(EXAMPLE) == [column.name for column in COLUMNS]
    found = {}
    for month in (PERIOD, "2026-05"):
        command = DeliverSettlement("baemin", month, "template.csv", io.BytesIO(template))
        found[month] = settlements.deliver(session, stores, lines, command, by=actor(clerk), at=AT).delivery
    assert (found[PERIOD].accepted, found[PERIOD].refused) == (1, 0)
    assert (found["2026-05"].accepted, found["2026-05"].outcome["problems_by_code"]) == (0, {"outside_month": 1})
    assert all(column.name in desk.get("/platform/columns").text for column in COLUMNS)


def propose(session: Session, stores: Stores, lines: LineStore, *store_ids: str) -> list[PlatformLink]:
    shop = Office(session, stores, lines).grant(trade_name="섬진강 국밥")
    return [
        links.propose(
            session, shop.merchant.id, LinkProposal("baemin", each, date(2026, 3, 1)), by=actor(shop.owner), at=AT
        )
        for each in store_ids
    ]


def test_links_are_answered_for_without_seeing_more_of_the_merchant(
    session: Session, stores: Stores, lines: LineStore, desk: PortalClient
) -> None:
    first, second = propose(session, stores, lines, "S1", "S2")
    merchant = first.merchant
    pages = [desk.get(f"/platform/links{rest}").text for rest in ("", f"/{first.id}", f"/{second.id}/refusal")]
    assert all("섬진강 국밥" in page for page in pages)
    hidden = (merchant.representative, merchant.phone, merchant.address, "처리 이력", "대표자")
    assert [(text, page) for page in pages for text in hidden if text in page] == []
    assert desk.submit(f"/platform/links/{first.id}/confirmation").status_code == 302
    assert desk.submit(f"/platform/links/{second.id}/refusal", {"note": ""}).status_code == 422
    assert desk.submit(f"/platform/links/{second.id}/refusal", {"note": "다른 사업장의 매장입니다."}).status_code == 302
    session.expire_all()
    assert (first.status, second.status) == (LinkStatus.CONFIRMED, LinkStatus.REFUSED)
    assert desk.submit(f"/platform/links/{second.id}/confirmation").status_code == 409


def test_totals_are_compared_at_once(session: Session, desk: PortalClient) -> None:
    upload(desk, csv_of(GOOD))
    assert desk.get("/platform/statements/2026-05").status_code == 404
    assert desk.submit("/platform/statements", {"period": "5월", "orders": "2", "order_amount": "1"}).status_code == 422
    answer = desk.submit("/platform/statements", {"period": "2026-05", "orders": "2", "order_amount": "40,000"})
    assert "모두 같습니다" in desk.get(answer.location).text
    desk.submit("/platform/statements", {"period": "2026-05", "orders": "3", "order_amount": "40,000"})
    assert "합계가 다릅니다" in desk.get("/platform/statements/2026-05").text


def test_everything_of_others_answers_exactly_as_what_does_not_exist(
    app: Flask, session: Session, stores: Stores, lines: LineStore, clerk: User, client_of: ClientOf
) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    strangers = [make_platform_person(session, "yogiyo"), make_platform_person(session, organisation=elsewhere)]
    by = actor(clerk)
    command = DeliverSettlement("baemin", "2026-05", "may.csv", io.BytesIO(csv_of([*GOOD, WRONG])))
    delivery = settlements.deliver(session, stores, lines, command, by=by, at=AT).delivery
    refusal = FileRefused(problems=[Problem("no_rows", "file")])
    command = DeliverSettlement("baemin", "2026-05", "no.csv", io.BytesIO(b"x"))
    receipt = receipts.keep_refused(session, stores, command, refusal, by=by, at=AT)
    ids = {"settlements": delivery.id, "receipts": receipt.id, "links": propose(session, stores, lines, "S1")[0].id}
    asked = [
        (method, f"/platform{route.url}", ids[route.url.split("/")[1]])
        for endpoint, route in table_of(app).items()
        if endpoint.startswith("platform.") and "<int:id>" in route.url and route.url.split("/")[1] not in IN_KIND
        for method in route.methods.split()
    ]
    assert len(asked) >= 13
    people = [client_of(user) for user in (*strangers, clerk)]
    for method, url, number in asked:
        answers = []
        for client in people:
            for value in (number, 987_654_321):
                where = url.replace("<int:id>", str(value))
                data = {"note": "내 것"} if method == "POST" else {}
                answers.append(client.submit(where, data) if method == "POST" else client.get(where))
        foreign, missing, own = [*answers[0:4:2]], [*answers[1:4:2]], answers[4]
        assert [each.status_code for each in (*foreign, *missing)] == [404] * 4, (method, url)
        assert own.status_code in (200, 302, 409), (method, url, own.status_code)  # 409: closed by the row before
        assert [without_addresses(a.text) for a in foreign] == [without_addresses(a.text) for a in missing], url
    fresh = make_platform_person(session, "yogiyo")
    for value in (receipt.id, 987_654_321):
        assert upload(client_of(fresh), csv_of(GOOD), query=f"?instead_of={value}").status_code == 404
    assert list(look_up.page(session, actor(strangers[0]))) == []
    for client in people[:2]:
        text = "".join(client.get(f"/platform{page}").text for page in ("/", "/settlements", "/receipts", "/links"))
        assert [word for word in ("may.csv", "no.csv", "섬진강") if word in text] == []


def without_addresses(page: str) -> str:
    """The page without what differs from request to request: tokens, nonces and the address asked for."""
    kept = (
        text for text in page.splitlines() if not any(w in text for w in ("csrf_token", "nonce", "csp", "/platform/"))
    )
    return "\n".join(kept)


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize(
    ("page", "most"), [("/", 9), ("/settlements", 6), ("/receipts", 5), ("/links", 6), ("/statements", 5)]
)
def test_lists_take_few_statements_however_long(
    session: Session,
    stores: Stores,
    lines: LineStore,
    clerk: User,
    desk: PortalClient,
    statement_counter: Callable,
    number: int,
    page: str,
    most: int,
) -> None:
    refusal = FileRefused(problems=[Problem("no_rows", "file")])
    for each in range(number):
        rows = csv_of([line("S1", f"2026-05-0{each + 1} 12:00")])
        command = DeliverSettlement("baemin", "2026-05", "may.csv", io.BytesIO(rows))
        settlements.deliver(session, stores, lines, command, by=actor(clerk), at=AT)
        command = DeliverSettlement("baemin", "2026-05", "no.csv", io.BytesIO(bytes([each])))
        receipts.keep_refused(session, stores, command, refusal, by=actor(clerk), at=AT)
    propose(session, stores, lines, *(f"S{each}" for each in range(number)))
    session.commit()
    with statement_counter() as statements:
        assert desk.get(f"/platform{page}").status_code == 200
    assert len(statements) <= most, "\n".join(statements)
