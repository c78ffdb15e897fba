"""A store whose platform names the business number is linked to whoever applied on the strength of platforms' data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationDraft, Consent
from portal.domain.errors import Incomplete
from portal.domain.links import LinkProposal, LinkStatus
from portal.domain.notifications import Kind, Topic
from portal.domain.platform_stores import StoreTold
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.queries import notifications
from portal.services import applications, links, matches, platform_stores
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT
from tests.asked import TRACKS, programme
from tests.factories import AT, actor, make_merchant_user
from tests.settled import Office, line

FAST = replace(DRAFT, track="fast")


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines, programme(TRACKS))


def draft(office: Office, serial: int = 1) -> Application:
    owner = make_merchant_user(office.session)
    return applying.ready(office.session, office.stores, office.programme, owner, serial=serial)


def owner_of(office: Office, draft: Application) -> Actor:
    return actor(office.session.get_one(User, draft.merchant.owner_id))


def hand_in(office: Office, draft: Application, command: ApplicationDraft = FAST) -> Application:
    return applications.submit_short(office.session, draft.id, command, by=owner_of(office, draft), at=AT)


def tell(office: Office, *store_ids: str, platform: str = "baemin") -> None:
    office.deliver([line(each, "2026-05-03 12:00") for each in store_ids], "2026-05", platform=platform)


def linked(office: Office) -> list[tuple[str, str, int]]:
    rows = office.session.scalars(select(PlatformLink).where(PlatformLink.status == LinkStatus.CONFIRMED))
    return [(row.platform, row.store_id, row.merchant_id) for row in rows]


def number_of(draft: Application) -> str:
    digits = draft.merchant.business_number
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


@pytest.mark.parametrize("told_first", [True, False])
def test_a_store_named_by_its_business_number_is_linked_whichever_comes_first(office: Office, told_first: bool) -> None:
    one = draft(office)
    if told_first:
        tell(office, number_of(one), "BM1")
    hand_in(office, one)
    if not told_first:
        assert linked(office) == []
        tell(office, number_of(one), "BM1")
    assert linked(office) == [("baemin", number_of(one), one.merchant_id)]
    tell(office, number_of(one))  # told again: nothing happens twice
    assert len(linked(office)) == 1
    owner = office.session.get_one(User, one.merchant.owner_id)
    lines = [line for line in notifications.inbox(office.session, actor(owner)).lines if line.topic is Topic.PROGRESS]
    assert [(each.kind, each.about) for each in lines if each.kind is not Kind.RECEIVED] == [
        (Kind.LINK_MATCHED, f"{one.merchant.trade_name} · {number_of(one)}")
    ]
    platform = next(each for each in one.findings or [] if each["code"] == "track-fast")
    assert platform["passed"] is (True if told_first else None)


@pytest.mark.parametrize(
    ("platform", "command", "hands_in"),
    [("yogiyo", FAST, True), ("baemin", replace(FAST, track="verified"), False), ("baemin", FAST, False)],
    ids=["a platform that is none of the track's", "a way that rests on evidence", "a draft"],
)
def test_nothing_is_linked_of_whom_the_platforms_data_is_not_to_speak(
    office: Office, platform: str, command: ApplicationDraft, hands_in: bool
) -> None:
    one = draft(office)
    applications.save_draft(office.session, one.id, command, by=owner_of(office, one), at=AT)
    if hands_in:
        hand_in(office, one)
    tell(office, number_of(one), platform=platform)
    assert linked(office) == []


def test_nobody_links_a_store_of_their_own_business_by_delivering_its_data(office: Office) -> None:
    one = draft(office)
    office.session.get_one(User, one.merchant.owner_id).person = office.reviewer.person  # by another account
    office.session.flush()
    tell(office, number_of(one))
    hand_in(office, one)
    tell(office, number_of(one))
    assert linked(office) == []


def test_without_consent_to_the_data_nothing_is_handed_in_nor_linked(office: Office) -> None:
    one = draft(office)
    tell(office, number_of(one))
    with pytest.raises(Incomplete, match="consent_required"):
        hand_in(office, one, replace(FAST, consents=frozenset(Consent) - {Consent.PLATFORM_DATA}))
    assert linked(office) == []


def test_a_store_that_another_claims_is_left_to_people_and_ones_own_proposal_is_answered(office: Office) -> None:
    mine, other = draft(office), draft(office, 2)
    for each in (mine, other):
        hand_in(office, each)
    proposal = LinkProposal("baemin", number_of(other), applying.REGISTRATION.opened_on)
    links.propose(office.session, mine.merchant_id, proposal, by=owner_of(office, mine), at=AT)
    own = replace(proposal, store_id=number_of(mine))
    links.propose(office.session, mine.merchant_id, own, by=owner_of(office, mine), at=AT)
    tell(office, number_of(other), number_of(mine))
    assert linked(office) == [("baemin", number_of(mine), mine.merchant_id)]


def test_a_delivery_of_many_stores_is_linked_some_at_a_time(office: Office) -> None:
    many = [draft(office, serial) for serial in (1, 2, 3)]
    for each in many:
        hand_in(office, each)
    session, other = office.session, "X1"
    delivery = office.deliver([line(other, "2026-05-03 12:00")], "2026-05").delivery
    told = [StoreTold(number_of(each), business_number=each.merchant.business_number) for each in many]
    platform_stores.keep(session, delivery, told, at=AT)
    assert [matches.go_on(session, delivery.id, at=AT, most=2) for _ in range(3)] == [2, 1, 0]
    assert list(matches.unfinished(session, at=AT)) == [delivery.id]
    assert list(matches.unfinished(session, at=AT + timedelta(days=1))) == []
    assert len(linked(office)) == 3
