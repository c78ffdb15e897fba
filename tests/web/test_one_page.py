"""What one applicant meets on a short way: consents to be read, the other ways, and an association that asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.applications import Application
from portal.services import memberships, reviews
from portal.storage.objects import Stores
from portal.web.consents import TERMS
from tests import applying, asked, rosters
from tests.cases import apply
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.pages import text_of

ClientOf = Callable[..., PortalClient]


def begun(session: Session, client_of: ClientOf) -> tuple[Application, PortalClient]:
    owner = asked.begun_on_one_page(session)
    return session.scalars(select(Application)).one(), client_of(owner)


def test_each_consent_is_read_before_the_one_tick_for_all(session: Session, client_of: ClientOf) -> None:
    draft, owner = begun(session, client_of)
    page = owner.get(f"/my/applications/{draft.id}/short").text
    assert "<details" not in page.split('action="', 1)[-1].split("</form>")[0]
    all_of_them = page.index("네 가지를 읽었고 모두 동의합니다")
    for words in TERMS.values():
        assert 0 < page.index(str(words.items)) < all_of_them


@pytest.mark.parametrize(("opens", "offered"), [("2026-06-15", True), ("2026-06-16", False)])
def test_another_way_is_offered_only_where_one_is_open(
    session: Session, client_of: ClientOf, opens: str, *, offered: bool
) -> None:
    owner, text = make_merchant_user(session), asked.SHORT.replace("2026-06-15", opens)
    draft = applying.start(session, make_programme(session, text=text), owner)
    page = client_of(owner).get(f"/my/applications/{draft.id}/short").text
    assert ("다른 방법으로 신청하기" in page) is offered


def test_the_last_page_says_that_it_is_the_way_of_applying(
    session: Session, client_of: ClientOf, stores: Stores
) -> None:
    draft, owner = begun(session, client_of)
    draft.track = "fast"
    session.commit()
    page = text_of(owner.get(f"/my/applications/{draft.id}/submit").text)
    assert "신청 방법 간편지급" in page


def test_the_parts_of_a_supplement_are_marked_as_required(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), make_official(session, Role.REVIEWER)
    reviews.take_up(session, case.id, by=actor(reviewer), at=AT)
    session.commit()
    page = client_of(reviewer).get(f"/office/applications/{case.id}/supplement")
    assert "신청인이 고칠 수 있는 것 필수" in text_of(page.text)


def test_the_first_page_says_that_an_association_asks(session: Session, stores: Stores, client_of: ClientOf) -> None:
    market = rosters.open_market(session, stores)
    owner, _place = market.with_account(2)
    member = market.add(2)
    session.commit()
    page = client_of(owner).get("/my/").text
    assert "상인회가 대신 신청해도 되는지 답해 주세요" in page
    assert "자갈치시장 상인회" in page
    assert 'href="/my/memberships"' in page
    memberships.decline(session, member.id, by=actor(owner), at=AT)
    session.commit()
    assert "답해 주세요" not in client_of(owner).get("/my/").text
