"""What files say of their stores is kept for the office, and finds whose an unlinked store is."""

from __future__ import annotations

import io
import logging

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.platform_stores import StoreTold
from portal.domain.settlements import DeliverSettlement
from portal.models.accounts import User
from portal.models.platform_stores import PlatformStore
from portal.models.settlements import Delivery
from portal.services import platform_stores, settlements, suggestions
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official, make_organisation
from tests.platform_samples import written
from tests.settled import Office, line
from tests.storage.test_store_names import HEAD, STORE, row

MARKET = "dongbaek-mall"


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def deliver(office: Office, *rows: list[str], by: User | None = None) -> Delivery:
    content = written([HEAD + STORE, *rows], "csv", sheet="Sheet1")
    command = DeliverSettlement(MARKET, "2026-05", "5월.csv", io.BytesIO(content))
    who = actor(by or office.reviewer)
    return settlements.deliver(office.session, office.stores, office.lines, command, by=who, at=AT).delivery


def kept(office: Office) -> list[tuple[str, str, str, str, int | None]]:
    rows = office.session.scalars(
        select(PlatformStore).order_by(PlatformStore.store_id).execution_options(populate_existing=True)
    )
    return [(each.store_id, each.name, each.business_number, each.address, each.delivery_id) for each in rows]


def suggested(office: Office, store_id: str = "DM-1") -> list[tuple[str, str, int]]:
    found = suggestions.unlinked(office.session, office.lines, actor(office.reviewer))
    (store,) = (each for each in found if each.store.store_id == store_id)
    return [(each.place.trade_name, each.likeness.value, each.score) for each in store.suggestions]


def test_a_delivery_keeps_what_it_says_of_its_stores(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = deliver(office, row(1, "DM-1", "산수유 과일", "124-81-00998", "구례읍 1"), row(2, "DM-2", "", "", ""))
    assert kept(office) == [("DM-1", "산수유 과일", "1248100998", "구례읍 1", made.id)]
    assert "산수유" not in caplog.text


def test_a_later_word_replaces_an_earlier_one_and_silence_does_not(office: Office) -> None:
    deliver(office, row(1, "DM-1", "산수유 과일", "124-81-00998", "구례읍 1"))
    later = deliver(office, row(1, "DM-1", "산수유 청과", "", ""))
    assert kept(office) == [("DM-1", "산수유 청과", "1248100998", "구례읍 1", later.id)]


def test_files_that_say_nothing_keep_nothing(office: Office) -> None:
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    assert kept(office) == []


def test_more_stores_than_one_statement_takes_are_all_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_stores, "_AT_ONCE", 2)
    made = deliver(office, row(1, "DM-1", "", "", ""))
    told = [StoreTold(f"DM-{number}", f"가게 {number}") for number in range(5)]
    platform_stores.keep(office.session, made, told, at=AT)
    assert [each[1] for each in kept(office)] == [f"가게 {number}" for number in range(5)]


def test_a_store_is_suggested_by_the_business_number_its_platform_tells(office: Office) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    office.grant(trade_name="섬진강 다슬기")
    deliver(office, row(1, "DM-1", "전혀 다른 이름", shop.merchant.business_number, ""))
    assert suggested(office) == [("산수유 국밥", "business_number", 100)]


@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        ("산수유국밥 구례점", "", [("산수유 국밥", "name", 76)]),
        ("산수유국밥", "", [("산수유 국밥", "name", 100)]),
        ("지리산 커피", "", []),
        ("", "전라남도 구례군 구례읍 봉동길 12, 1층", [("산수유 국밥", "address", 85)]),
        ("", "구례읍 봉동길 12 (봉동리)", [("산수유 국밥", "address", 85)]),
        ("", "전라남도 구례군 구례읍 봉동길 13", []),
        ("", "전라남도 구례군 산동면 지리산온천로 12", []),
        ("산수유국밥 구례점", "전라남도 구례군 구례읍 봉동길 12", [("산수유 국밥", "name_and_address", 97)]),
        ("지리산 커피", "전라남도 구례군 구례읍 봉동길 12", [("산수유 국밥", "address", 85)]),
    ],
)
def test_a_store_is_suggested_by_what_it_is_called_and_where_it_is(
    office: Office, name: str, address: str, told: list[tuple[str, str, int]]
) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    shop.merchant.address = "전라남도 구례군 구례읍 봉동길 12"
    other = office.grant(trade_name="섬진강 다슬기")
    other.merchant.address = "전라남도 구례군 토지면 섬진강대로 7"
    deliver(office, row(1, "DM-1", name, "", address))
    assert suggested(office) == told


def test_what_a_platform_calls_a_linked_store_finds_the_next_one(office: Office) -> None:
    """The shop is registered under another name than it has in the apps."""
    shop = office.shop("DM-1", trade_name="주식회사 봉동")
    office.link(shop, MARKET)
    deliver(office, row(1, "DM-1", "산수유 국밥", "", ""), row(2, "DM-2", "산수유국밥", "", ""))
    assert suggested(office, "DM-2") == [("주식회사 봉동", "name", 100)]


def test_another_office_learns_nothing_from_ours(office: Office) -> None:
    deliver(office, row(1, "DM-1", "산수유 국밥", "", ""))
    hadong = make_organisation(office.session, "hadong", name="하동군(데모)")
    stranger = make_official(office.session, Role.REVIEWER, organisation=hadong)
    assert suggestions.unlinked(office.session, office.lines, actor(stranger)) == []
    deliver(office, row(1, "DM-1", "하동 재첩국", "", ""), by=stranger)
    (mine,) = suggestions.unlinked(office.session, office.lines, actor(office.reviewer))
    assert mine.told == StoreTold("DM-1", "산수유 국밥")
