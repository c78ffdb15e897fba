"""The same document or the same order told twice: found before anybody confirms, and counted once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.domain.errors import AlreadyDone, Conflict, Incomplete
from portal.domain.evidence import EvidenceKind, EvidenceStatus
from portal.models.settlements import Delivery
from portal.queries import evidence as queries
from portal.services import evidence, evidence_cases
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.evidenced import INVOICE, Desk, own_log, read_off, statement
from tests.factories import AT
from tests.settled import Office, Shop, line


@pytest.fixture
def desk(session: Session, stores: Stores, lines: LineStore) -> Desk:
    return Desk(Office(session, stores, lines))


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return desk.office.grant(trade_name="섬진강 국밥")


def codes(caught: pytest.ExceptionInfo) -> list[str]:
    return [problem.code for problem in caught.value.problems]


# the same document twice


def test_the_same_file_is_handed_in_once(desk: Desk, shop: Shop, session: Session) -> None:
    file = statement(shop, desk.office).file
    first = desk.submit(shop, file=file)
    with pytest.raises(AlreadyDone):
        desk.submit(shop, file=file)
    evidence.refuse(session, first.id, note="흐립니다.", by=desk.first, at=AT)
    assert desk.submit(shop, file=file).id != first.id, "what was refused may be handed in again"


@pytest.mark.parametrize("same", ["bytes", "number"])
def test_the_same_document_of_two_merchants_is_found_and_not_confirmed(desk: Desk, shop: Shop, same: str) -> None:
    file = statement(shop, desk.office).file
    number = INVOICE, INVOICE.replace("-", "").upper()
    shared = [{"file": file}, {"file": file}]
    if same == "number":
        shared = [{"kind": EvidenceKind.TAX_INVOICE, "document_number": each} for each in number]
    other = desk.office.grant(trade_name="산수유 분식")
    first = desk.put_up(desk.submit(shop, **shared[0]), read_off(3, order_no="B1"))
    second = desk.put_up(desk.submit(other, **shared[1]), read_off(3, order_no="B2"))
    (twin,) = queries.twins(desk.office.session, second)
    assert (twin.id, twin.trade_name, twin.same_bytes) == (first.id, "섬진강 국밥", same == "bytes")
    for each in (first, second):
        with pytest.raises(Conflict) as caught:
            desk.confirm(each)
        assert codes(caught) == ["evidence_same_document"]
    evidence.refuse(desk.office.session, first.id, note="남의 문서입니다.", by=desk.first, at=AT)
    assert desk.confirm(second).status is EvidenceStatus.CONFIRMED


def test_the_same_number_of_two_issuers_is_two_documents(desk: Desk, shop: Shop) -> None:
    first = desk.submit(shop, document_number="2026-05-1")
    other = desk.submit(shop, document_number="2026-05-1", platform="vroong")
    assert queries.twins(desk.office.session, first) == []
    assert desk.confirm(desk.put_up(other, read_off(3))).status is EvidenceStatus.CONFIRMED


def test_another_month_of_one_document_is_the_same_case(desk: Desk, shop: Shop) -> None:
    file = statement(shop, desk.office).file
    desk.submit(shop, file=file, period="2026-04")
    may = desk.put_up(desk.submit(shop, file=file), read_off(3))
    assert [twin.same_case for twin in queries.twins(desk.office.session, may)] == [True]
    assert desk.confirm(may).status is EvidenceStatus.CONFIRMED


# the same order twice


def test_an_order_already_told_is_refused_and_the_rest_comes_in(desk: Desk, shop: Shop, session: Session) -> None:
    desk.office.link(replace(shop, store_id="BR1"), "barogo")
    told = desk.office.deliver(
        [line("BR1", "2026-05-03 12:00", order_no="B1", fee=3_500)], "2026-05", platform="barogo"
    )
    found = desk.put_up(desk.submit(shop), read_off(3, order_no="B1"), read_off(4, order_no="B2"))
    assert desk.findings(found) == [["order_already_told"], []]
    desk.confirm(found)
    assert [(row.refusal, row.told_by) for row in found.lines] == [
        ("order_already_told", told.delivery.id), (None, None),
    ]  # fmt: skip
    assert session.get_one(Delivery, found.delivery_id).accepted == 1


def test_the_same_order_of_two_documents_comes_in_once(desk: Desk, shop: Shop) -> None:
    first = desk.confirm(desk.put_up(desk.submit(shop), read_off(3, order_no="B1")))
    second = desk.put_up(desk.submit(shop), read_off(3, order_no="B1"))
    with pytest.raises(Incomplete) as caught:
        desk.confirm(second)
    assert codes(caught) == ["evidence_nothing_left"]
    assert desk.findings(second) == [["order_already_told"]]
    assert first.status is EvidenceStatus.CONFIRMED


def test_an_order_told_with_another_content_is_shown_and_left_to_people(desk: Desk, shop: Shop, lines) -> None:
    desk.office.deliver([line("BR1", "2026-05-03 12:00", order_no="B1", fee=3_000)], "2026-05", platform="barogo")
    found = desk.put_up(desk.submit(shop), read_off(3, order_no="B1"))
    ((finding,),) = evidence_cases.findings(desk.office.session, lines, found)
    assert (finding.told, finding.differing) == ("order_told_differently", ("delivery_fee",))
    assert desk.confirm(found).status is EvidenceStatus.CONFIRMED


def test_an_order_that_another_platform_tells_is_shown(desk: Desk, shop: Shop) -> None:
    rows = [
        line("S1", "2026-05-03 12:00", order_no="T1"),
        line("S1", "2026-05-04 12:00", order_no="T2", origin="barogo:B9"),
    ]
    desk.office.deliver(rows, "2026-05")
    found = desk.put_up(
        desk.submit(shop), read_off(3, order_no="B1", origin_key="baemin:T1"), read_off(5, order_no="B9")
    )
    assert desk.findings(found) == [["order_told_elsewhere"], ["order_told_elsewhere"]]


def test_an_own_delivery_without_a_number_is_known_by_its_day_time_and_amount(desk: Desk, shop: Shop) -> None:
    desk.confirm(desk.put_up(desk.submit(shop, **own_log()), read_off(3, amount=18_000)))
    second = desk.put_up(
        desk.submit(shop, **own_log()), read_off(3, amount=18_000), read_off(3, "12:01", amount=18_000)
    )
    assert desk.findings(second) == [["order_already_told"], []]


def test_an_own_delivery_that_looks_like_a_platforms_order_of_the_shop_is_shown(desk: Desk, shop: Shop) -> None:
    linked = replace(shop, store_id="S1")
    desk.office.link(linked, "baemin")
    rows = [line("S1", "2026-05-03 12:00"), line("S2", "2026-05-04 12:00")]
    desk.office.deliver(rows, "2026-05")
    found = desk.put_up(desk.submit(shop, **own_log()), read_off(3), read_off(4), read_off(3, amount=19_000))
    assert desk.findings(found) == [["order_looks_alike"], [], []]


def test_the_same_line_twice_in_a_document_counts_once(desk: Desk, shop: Shop, session: Session) -> None:
    found = desk.put_up(desk.submit(shop, **own_log()), read_off(3), read_off(3), read_off(4))
    assert desk.findings(found) == [[], ["order_twice_here"], []]
    assert session.get_one(Delivery, desk.confirm(found).delivery_id).accepted == 2
