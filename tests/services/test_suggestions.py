"""An unlinked store is suggested to those it may belong to; a click proposes or answers, and two persons link it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import NotFound, NotPermitted, SamePerson
from portal.domain.links import LinkProposal, LinkStatus
from portal.domain.suggestions import Likeness, LinkSuggested
from portal.models.links import PlatformLink
from portal.services import links, suggestions
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official, make_organisation
from tests.settled import Office, Shop, line

Told = list[tuple[str, str, int]]


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def deliver(office: Office, *store_ids: str, platform: str = "baemin") -> None:
    office.deliver([line(each, "2026-05-03 12:00") for each in store_ids], "2026-05", platform=platform)


def suggested(office: Office, store_id: str) -> Told:
    found = suggestions.unlinked(office.session, office.lines, actor(office.reviewer))
    return [
        (each.place.trade_name, each.likeness.value, each.score)
        for row in found
        if row.store.store_id == store_id
        for each in row.suggestions
    ]


def names(office: Office, shop: Shop, store_id: str, platform: str = "baemin") -> PlatformLink:
    proposal = LinkProposal(platform, store_id, date(2026, 3, 1))
    return links.propose(office.session, shop.merchant.id, proposal, by=actor(shop.owner), at=AT)


def follow(office: Office, store_id: str, shop: Shop, *, by=None) -> PlatformLink:
    command = LinkSuggested("baemin", store_id, shop.merchant.id)
    return suggestions.link(office.session, office.lines, command, by=actor(by or office.reviewer), at=AT)


LIKE: dict[str, tuple[str, Callable[[Office, Shop], object], Told]] = {
    "the very store it named": ("14500321", lambda o, s: names(o, s, "14500321"), [("산수유 국밥", "named", 100)]),
    "a slip of one digit": ("14500321", lambda o, s: names(o, s, "14500322"), [("산수유 국밥", "number", 88)]),
    "two digits swapped": ("14500321", lambda o, s: names(o, s, "14500312"), [("산수유 국밥", "number", 88)]),
    "two other digits": ("14500321", lambda o, s: names(o, s, "14500399"), []),
    "a slip at another platform": ("14500321", lambda o, s: names(o, s, "14500322", "yogiyo"), []),
    "the same number elsewhere": (
        "14500321", lambda o, s: names(o, s, "14500321", "yogiyo"), [("산수유 국밥", "other_platform", 95)],
    ),
    "a name without its blank": ("@산수유국밥", lambda o, s: None, [("산수유 국밥", "name", 100)]),
    "a name with a branch": ("산수유국밥 본점", lambda o, s: None, [("산수유 국밥", "name", 83)]),
    "another name": ("지리산 커피", lambda o, s: None, []),
    "letters that begin a number": ("BM001", lambda o, s: None, []),
}  # fmt: skip


@pytest.mark.parametrize("what", LIKE)
def test_a_store_is_suggested_by_what_it_resembles(office: Office, what: str) -> None:
    store_id, prepare, told = LIKE[what]
    shop = office.grant(trade_name="산수유 국밥")
    prepare(office, shop)
    deliver(office, store_id)
    assert suggested(office, store_id) == told


def test_a_business_number_in_place_of_a_store_number_is_recognised(office: Office) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    number = shop.merchant.business_number
    written = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    deliver(office, written)
    assert suggested(office, written) == [("산수유 국밥", "business_number", 100)]


def test_a_number_that_a_delivery_knows_is_no_slip(office: Office) -> None:
    """Two neighbours have neighbouring numbers."""
    names(office, office.grant(trade_name="산수유 국밥"), "14500322")
    deliver(office, "14500321", "14500322")
    assert suggested(office, "14500321") == []
    assert suggested(office, "14500322") == [("산수유 국밥", "named", 100)]


def test_at_most_three_are_suggested_the_likeliest_first(office: Office) -> None:
    for name in ("섬진강 국밥집", "섬진강 국밥", "섬진강 국밥 이", "섬진강 국밥 일호"):
        office.grant(trade_name=name)
    deliver(office, "섬진강국밥")
    found = suggested(office, "섬진강국밥")
    assert next(name for name, _, _ in found) == "섬진강 국밥"
    assert len(found) == 3
    assert [score for _, _, score in found] == sorted((score for _, _, score in found), reverse=True)


def test_one_click_confirms_what_the_merchant_proposed(office: Office) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    names(office, shop, "14500321")
    deliver(office, "14500321")
    assert follow(office, "14500321", shop).status is LinkStatus.CONFIRMED
    assert suggestions.unlinked(office.session, office.lines, actor(office.reviewer)) == []


def test_what_an_official_proposes_another_confirms(office: Office) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    deliver(office, "@산수유국밥")
    proposed = follow(office, "@산수유국밥", shop)
    assert (proposed.status, proposed.valid_from) == (LinkStatus.PROPOSED, date(2026, 5, 3))
    assert suggested(office, "@산수유국밥") == [("산수유 국밥", Likeness.NAMED.value, 100)]
    with pytest.raises(SamePerson):
        follow(office, "@산수유국밥", shop)
    other = make_official(office.session, Role.REVIEWER, name="다른 검토자")
    assert follow(office, "@산수유국밥", shop, by=other).status is LinkStatus.CONFIRMED


def test_who_was_refused_the_store_is_not_suggested_again(office: Office) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    link = names(office, shop, "@산수유국밥")
    links.refuse(office.session, link.id, note="다른 가게의 번호입니다.", by=actor(office.reviewer), at=AT)
    deliver(office, "@산수유국밥")
    assert suggested(office, "@산수유국밥") == []
    with pytest.raises(NotFound):
        follow(office, "@산수유국밥", shop)


def test_another_office_suggests_nobody_of_ours_and_readers_link_nothing(office: Office) -> None:
    shop = office.grant(trade_name="산수유 국밥")
    deliver(office, "@산수유국밥")
    hadong = make_organisation(office.session, "hadong", name="하동군(데모)")
    stranger = make_official(office.session, Role.REVIEWER, organisation=hadong)
    with pytest.raises(NotFound):
        follow(office, "@산수유국밥", shop, by=stranger)
    with pytest.raises(NotPermitted):
        follow(office, "@산수유국밥", shop, by=office.approver)
