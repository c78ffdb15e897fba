"""A merchant names a store, an official confirms, refuses or ends the link; nobody confirms their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.links import LinkStatus
from portal.models.accounts import User
from portal.models.links import PlatformLink
from portal.queries import programmes
from portal.storage.objects import Stores
from tests.cases import apply
from tests.clients import PortalClient
from tests.factories import make_merchant_user, make_official, make_organisation, make_programme
from tests.pages import problems
from tests.settled import Office

ClientOf = Callable[[User], PortalClient]


def stated(merchant_id: int, **changed: str) -> dict[str, str]:
    data = {"merchant": str(merchant_id), "platform": "baemin", "store_id": "BM001", "valid_from": "2026-03-01"}
    return {**data, **changed}


@pytest.fixture
def shop(session: Session, stores: Stores):
    return apply(session, stores, make_programme(session), trade_name="섬진강 국밥")


@pytest.fixture
def reviewer(session: Session) -> User:
    return make_official(session, Role.REVIEWER, name="검토자")


def only_link(session: Session) -> PlatformLink:
    session.expire_all()
    return session.scalars(select(PlatformLink)).one()


def propose(client_of: ClientOf, shop, **changed: str) -> None:
    answer = client_of(shop.owner).submit("/my/links", stated(shop.application.merchant_id, **changed))
    assert answer.status_code == 302, problems(answer)


def test_a_store_is_named_confirmed_and_shown_as_linked(session, client_of: ClientOf, shop, reviewer: User) -> None:
    propose(client_of, shop)
    assert "확인 대기" in client_of(shop.owner).get("/my/links").text
    desk = client_of(reviewer)
    assert "섬진강 국밥" in desk.get("/office/links").text
    link = only_link(session)
    assert desk.submit(f"/office/links/{link.id}/confirmation").status_code == 302
    assert only_link(session).status is LinkStatus.CONFIRMED
    assert "연결됨" in client_of(shop.owner).get("/my/links").text


def test_every_platform_is_explained_with_where_its_number_is_found(client_of: ClientOf, shop) -> None:
    page = client_of(shop.owner).get("/my/links").text
    assert "배달의민족" in page
    assert "사장님 누리집의 가게번호" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"store_id": " "}, "매장 번호"),
        ({"platform": "nobody"}, "플랫폼"),
        ({"valid_from": "2026-13-01"}, "사용 시작일"),
        ({"merchant": "999"}, "사업장"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(session, client_of: ClientOf, shop, changed, said: str) -> None:
    answer = client_of(shop.owner).submit("/my/links", stated(shop.application.merchant_id, **changed))
    assert answer.status_code == 422
    assert any(said in line for line in problems(answer))
    assert session.scalars(select(PlatformLink)).all() == []


def test_the_same_store_is_not_named_twice_and_nothing_typed_is_lost(client_of: ClientOf, shop) -> None:
    propose(client_of, shop)
    again = client_of(shop.owner).submit("/my/links", stated(shop.application.merchant_id))
    assert again.status_code == 409
    assert "이미 신청했거나 연결된 매장 번호" in "".join(problems(again))
    assert 'value="BM001"' in again.text


def test_a_store_of_another_is_not_confirmed(session, client_of: ClientOf, stores, lines, shop, reviewer) -> None:
    other = apply(session, stores, programmes.in_force(session, "gurye-2020-o2o"), trade_name="다른 가게")
    propose(client_of, shop)
    first = only_link(session)
    desk = client_of(reviewer)
    desk.submit(f"/office/links/{first.id}/confirmation")
    propose(client_of, other)
    second = session.scalars(select(PlatformLink).where(PlatformLink.id != first.id)).one()
    answer = desk.submit(f"/office/links/{second.id}/confirmation")
    assert answer.status_code == 409
    assert "이미 다른 연결이 있습니다" in "".join(problems(answer))
    desk.submit(f"/office/links/{first.id}/end", {"valid_to": "2026-03-31"})
    assert desk.submit(f"/office/links/{second.id}/confirmation").status_code == 409


def test_after_a_link_ended_the_store_may_be_anothers(session, client_of: ClientOf, stores, shop, reviewer) -> None:
    other = apply(session, stores, programmes.in_force(session, "gurye-2020-o2o"), trade_name="다른 가게")
    propose(client_of, shop)
    first = only_link(session)
    desk = client_of(reviewer)
    desk.submit(f"/office/links/{first.id}/confirmation")
    desk.submit(f"/office/links/{first.id}/end", {"valid_to": "2026-03-31"})
    propose(client_of, other, valid_from="2026-04-01")
    second = session.scalars(select(PlatformLink).where(PlatformLink.id != first.id)).one()
    assert desk.submit(f"/office/links/{second.id}/confirmation").status_code == 302
    session.expire_all()
    assert [
        (link.status, link.valid_to) for link in session.scalars(select(PlatformLink).order_by(PlatformLink.id))
    ] == [
        (LinkStatus.ENDED, date(2026, 3, 31)),
        (LinkStatus.CONFIRMED, None),
    ]


def test_a_refusal_needs_a_reason_which_the_merchant_reads(session, client_of: ClientOf, shop, reviewer: User) -> None:
    propose(client_of, shop)
    link, desk = only_link(session), client_of(reviewer)
    assert desk.submit(f"/office/links/{link.id}/refusal", {"note": " "}).status_code == 422
    assert desk.submit(f"/office/links/{link.id}/refusal", {"note": "다른 가게의 번호입니다."}).status_code == 302
    page = client_of(shop.owner).get("/my/links").text
    assert "연결 거절" in page
    assert "다른 가게의 번호입니다." in page


def test_a_link_does_not_end_before_it_began(session, client_of: ClientOf, shop, reviewer: User) -> None:
    propose(client_of, shop)
    link, desk = only_link(session), client_of(reviewer)
    desk.submit(f"/office/links/{link.id}/confirmation")
    answer = desk.submit(f"/office/links/{link.id}/end", {"valid_to": "2026-02-28"})
    assert answer.status_code == 422
    assert only_link(session).status is LinkStatus.CONFIRMED


def test_nobody_confirms_a_link_of_their_own_business(session, client_of: ClientOf, stores, lines) -> None:
    office = Office(session, stores, lines)
    official = make_official(session, Role.REVIEWER, person=office.reviewer.person)
    owner = make_merchant_user(session)
    owner.person = office.reviewer.person
    case = apply(session, stores, office.programme, owner=owner)
    propose(client_of, case)
    answer = client_of(official).submit(f"/office/links/{only_link(session).id}/confirmation")
    assert answer.status_code == 403
    assert "같은 사람이 이어서 처리할 수 없습니다" in answer.text
    assert only_link(session).status is LinkStatus.PROPOSED


def test_another_organisation_finds_no_link(session, client_of: ClientOf, shop) -> None:
    propose(client_of, shop)
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    desk = client_of(make_official(session, Role.REVIEWER, organisation=hadong))
    assert "섬진강 국밥" not in desk.get("/office/links?status=").text
    for way in ("confirmation", "refusal", "end"):
        assert desk.submit(f"/office/links/{only_link(session).id}/{way}", {"note": "x"}).status_code == 404


def test_the_list_takes_the_same_number_of_statements_for_many(
    session, client_of: ClientOf, shop, reviewer: User, statement_counter
) -> None:
    desk = client_of(reviewer)
    counts = []
    for number in range(3):
        propose(client_of, shop, store_id=f"BM{number}")
        with statement_counter() as statements:
            desk.get("/office/links")
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 9, counts
