"""A store is linked once, however many see at the same moment whose it is; nobody is turned away for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, Refusal
from portal.domain.links import LinkProposal, LinkStatus
from portal.models.audit import AuditEvent
from portal.models.links import PlatformLink
from portal.models.settlements import Delivery
from portal.services import applications, documents, links, matches, platform_stores
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import applying
from tests.asked import TRACKS, programme
from tests.factories import AT, actor
from tests.meeting import meeting
from tests.services.test_matches import FAST, draft, hand_in, number_of, owner_of
from tests.settled import Office, line

Unit = Callable[[Session], object]


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines, programme(TRACKS))


def told(office: Office, *pairs: tuple[str, str]) -> Delivery:
    """A delivery that names the business numbers of these stores, of which nothing is linked yet."""
    delivery = office.deliver([line("X1", "2026-05-03 12:00")], "2026-05").delivery
    stores = [platform_stores.StoreTold(store_id, business_number=number) for store_id, number in pairs]
    platform_stores.keep(office.session, delivery, stores, at=AT)
    return delivery


def at_once(make_sessions: Callable[[], Session], *units: Unit) -> list[object]:
    """What each answered in a transaction of its own, or what it was refused."""

    def one(unit: Unit) -> object:
        own = make_sessions()
        try:
            answer = unit(own)
            own.commit()
        except Refusal as refusal:
            return refusal
        finally:
            own.rollback()  # whatever went wrong, the other goes on
        return answer

    with ThreadPoolExecutor(len(units)) as pool:
        return list(pool.map(one, units))


def confirmed(session: Session) -> list[tuple[str, int]]:
    session.expire_all()
    rows = session.scalars(select(PlatformLink).where(PlatformLink.status == LinkStatus.CONFIRMED))
    return sorted((row.store_id, row.merchant_id) for row in rows)


def test_two_rounds_over_the_same_delivery_link_every_store_once(
    office: Office, engine: Engine, make_sessions: Callable[[], Session]
) -> None:
    session, many = office.session, [draft(office, serial) for serial in (1, 2, 3)]
    for each in many:
        hand_in(office, each)
    delivery_id = told(office, *((number_of(each), each.merchant.business_number) for each in many)).id
    session.commit()

    def go_on(own: Session) -> int:
        return matches.go_on(own, delivery_id, at=AT)

    with meeting(engine, before="INSERT INTO platform_link"):
        answers = at_once(make_sessions, go_on, go_on)
    assert sorted(map(str, answers)) == ["0", "3"]
    assert confirmed(session) == sorted((number_of(each), each.merchant_id) for each in many)
    assert len(session.scalars(select(PlatformLink)).all()) == 3


def test_whoever_proposed_the_store_is_answered_once(
    office: Office, engine: Engine, make_sessions: Callable[[], Session]
) -> None:
    session, one = office.session, draft(office)
    hand_in(office, one)
    proposal = LinkProposal("baemin", number_of(one), applying.REGISTRATION.opened_on)
    link_id = links.propose(session, one.merchant_id, proposal, by=owner_of(office, one), at=AT).id
    delivery_id = told(office, (number_of(one), one.merchant.business_number)).id
    session.commit()

    def go_on(own: Session) -> int:
        return matches.go_on(own, delivery_id, at=AT)

    with meeting(engine, before="SAVEPOINT"):
        answers = at_once(make_sessions, go_on, go_on)
    assert sorted(map(str, answers)) == ["0", "1"]
    happened = select(AuditEvent.action).where(AuditEvent.noun == "link", AuditEvent.record_id == link_id)
    assert session.scalars(happened.order_by(AuditEvent.id)).all() == ["propose", "match"]


def test_a_store_is_linked_where_its_owner_hands_in_while_another_delivery_of_it_is_read(
    office: Office, engine: Engine, make_sessions: Callable[[], Session]
) -> None:
    """The owner of several stores applies a second time; what both tell of is in the opposite order in the delivery."""
    session, one = office.session, draft(office)
    hand_in(office, one)
    number = one.merchant.business_number
    delivery_id = told(office, ("S9", number), ("S1", number)).id
    other = Office(session, office.stores, office.lines, programme(TRACKS, code="gurye-second"))
    by, stores = owner_of(office, one), office.stores.evidence
    again = applications.start(session, other.code, one.merchant_id, by=by, at=AT).id
    for code in applying.REQUIRED:
        documents.attach(session, stores, again, applying.upload(code, serial=9), by=by, at=AT)
    session.commit()

    def submit(own: Session) -> int:
        return applications.submit_short(own, again, FAST, by=by, at=AT).id

    with meeting(engine, before="INSERT INTO platform_link"):
        answers = at_once(make_sessions, lambda own: matches.go_on(own, delivery_id, at=AT), submit)
    assert [each for each in answers if isinstance(each, Refusal)] == []
    assert confirmed(session) == [("S1", one.merchant_id), ("S9", one.merchant_id)]


def test_a_store_that_another_names_meanwhile_is_one_merchants_whoever_is_faster(
    office: Office, engine: Engine, make_sessions: Callable[[], Session]
) -> None:
    """Somebody else names the store after the round has looked, and an official confirms it at the same moment."""
    session, one, other = office.session, draft(office), draft(office, 2)
    for each in (one, other):
        hand_in(office, each)
    store_id, theirs, reviewer = number_of(one), owner_of(office, other), actor(office.reviewer)
    delivery_id = told(office, (store_id, one.merchant.business_number)).id
    proposal, merchant_id = LinkProposal("baemin", store_id, applying.REGISTRATION.opened_on), other.merchant_id
    session.commit()

    def propose_and_confirm(own: Session) -> int:
        link_id = links.propose(own, merchant_id, proposal, by=theirs, at=AT).id
        own.commit()
        return links.confirm(own, link_id, by=reviewer, at=AT).merchant_id

    with meeting(engine, before="INSERT INTO platform_link"), meeting(engine, before="UPDATE platform_link"):
        linked, answer = at_once(make_sessions, lambda own: matches.go_on(own, delivery_id, at=AT), propose_and_confirm)
    if linked:
        assert isinstance(answer, Conflict)
        assert [problem.code for problem in answer.problems] == ["store_linked_elsewhere"]
    assert confirmed(session) == [(store_id, one.merchant_id if linked else other.merchant_id)]
