"""A platform reads the links to its stores, says which are right, and sees nobody else's."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.domain.links import LinkProposal, LinkStatus
from portal.models.links import PlatformLink
from portal.queries import audit, links
from portal.services import links as services
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.api import Program, program, register
from tests.factories import AT, actor
from tests.settled import Office, Shop


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


@pytest.fixture
def asking(app: Flask, session: Session) -> Program:
    return program(app, session, register(session))


def proposed(office: Office, shop: Shop, platform: str = "baemin", store_id: str = "") -> PlatformLink:
    command = LinkProposal(platform, store_id or shop.store_id or "S1", date(2026, 3, 1))
    return services.propose(office.session, shop.merchant.id, command, by=actor(shop.owner), at=AT)


def test_a_platform_reads_the_links_to_its_own_stores(office: Office, asking: Program) -> None:
    shop = office.grant(trade_name="섬진강 국밥")
    mine, other = proposed(office, shop).id, proposed(office, shop, "yogiyo", "Y1").id
    (item,) = asking.get("/links").json["items"]
    assert (item["id"], item["store_id"], item["trade_name"], item["status"]) == (
        mine,
        "S1",
        "섬진강 국밥",
        "proposed",
    )
    assert item["business_number"] == shop.merchant.business_number
    assert set(item) == {
        "id", "store_id", "status", "trade_name", "business_number", "valid_from", "valid_to", "proposed_at",
        "decided_at",
    }  # fmt: skip
    assert asking.get(f"/links/{mine}").status_code == 200
    assert asking.get(f"/links/{other}").status_code == 404
    assert asking.get(f"/links/{other}").json == asking.get("/links/987654321").json


def test_the_list_is_read_page_by_page(
    office: Office, asking: Program, monkeypatch: pytest.MonkeyPatch, statement_counter
) -> None:
    monkeypatch.setattr(links, "PAGE", 2)
    shop = office.grant()
    wanted = [proposed(office, shop, store_id=f"S{number}").id for number in range(5)]
    seen, cursor = [], None
    while True:
        with statement_counter() as statements:
            page = asking.get("/links", query_string={"cursor": cursor} if cursor else {}).json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        assert len(statements) <= 8, "\n".join(statements)
    assert seen == wanted


@pytest.mark.parametrize("cursor", ["x", "a2", "azEyMw==x", "1", "k1", "-1"])
def test_a_cursor_of_ones_own_making_is_refused(asking: Program, cursor: str) -> None:
    answer = asking.get("/links", query_string={"cursor": cursor})
    assert (answer.status_code, answer.json["problems"][0]["field"]) == (422, "query.cursor")


def test_links_are_narrowed_by_status(office: Office, asking: Program) -> None:
    office.shop("S1")
    proposed(office, office.grant(), store_id="S2")
    for status, stores in (("proposed", ["S2"]), ("confirmed", ["S1"]), ("ended", [])):
        page = asking.get("/links", query_string={"status": status}).json
        assert [item["store_id"] for item in page["items"]] == stores
    assert asking.get("/links", query_string={"status": "gone"}).status_code == 422


def test_what_a_platform_confirms_is_valid_and_the_trail_says_who_said_so(office: Office, asking: Program) -> None:
    link = proposed(office, office.grant()).id
    answer = asking.post(f"/links/{link}/confirmation", {})
    assert (answer.status_code, answer.json["status"]) == (200, "confirmed")
    assert office.session.get_one(PlatformLink, link, populate_existing=True).status is LinkStatus.CONFIRMED
    said = audit.timeline(office.session, "link", link)[-1]
    assert (said.action, said.person) == ("vouch", "배달의민족 API")
    again = asking.post(f"/links/{link}/refusal", {"reason": "다른 가게입니다."})
    assert (again.status_code, again.json["code"]) == (409, "invalid_transition")


def test_what_a_platform_refuses_reaches_the_merchant_with_its_reason(office: Office, asking, client_of) -> None:
    shop = office.grant()
    link = proposed(office, shop).id
    assert asking.post(f"/links/{link}/refusal", {"reason": "폐점한 매장입니다."}).json["status"] == "refused"
    assert "폐점한 매장입니다." in client_of(shop.owner).get("/my/links").text
    for reason in ("", "x" * 501, "a\x00b", "half: \ud800"):
        assert asking.post(f"/links/{link}/refusal", {"reason": reason}).status_code == 422
    assert asking.get(f"/links/{2**64}").status_code == 404


def test_a_store_that_is_anothers_cannot_be_confirmed(office: Office, asking: Program) -> None:
    office.shop("S1")
    link = proposed(office, office.grant()).id
    answer = asking.post(f"/links/{link}/confirmation", {})
    assert (answer.status_code, answer.json["problems"][0]["code"]) == (409, "store_linked_elsewhere")


def test_another_platforms_link_cannot_be_decided(office: Office, asking: Program) -> None:
    link = proposed(office, office.grant(), "yogiyo", "Y1").id
    assert asking.post(f"/links/{link}/confirmation", {}).status_code == 404
    assert asking.post(f"/links/{link}/refusal", {"reason": "아닙니다."}).status_code == 404
    assert office.session.get_one(PlatformLink, link, populate_existing=True).status is LinkStatus.PROPOSED


def test_confirming_under_the_same_key_again_gets_the_same_answer(office: Office, asking: Program) -> None:
    link = proposed(office, office.grant()).id
    first, again = (asking.post(f"/links/{link}/confirmation", {}, key="confirm-1") for _ in "12")
    assert (first.json, first.status_code) == (again.json, again.status_code)
    assert (first.headers.get("Idempotency-Replayed"), again.headers.get("Idempotency-Replayed")) == (None, "true")


def test_a_platform_that_practises_sees_none_of_the_real_links(app: Flask, session: Session, office: Office) -> None:
    link = proposed(office, office.grant()).id
    practising = program(app, session, register(session, sandbox=True))
    seen = practising.get("/links").json["items"]
    assert {item["store_id"].split("-")[0] for item in seen} == {"PRACTICE"}
    assert practising.post(f"/links/{link}/confirmation", {}).status_code == 404
