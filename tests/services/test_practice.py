"""A sandbox holds something of everything a platform can try, begins again, and is seen by nothing that is real."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Conflict, NotFound, NotPermitted
from portal.domain.settlements import DeliverSettlement
from portal.domain.webhooks import Event
from portal.models.accounts import User
from portal.models.claims import Claim
from portal.models.ledger import LedgerEntry, Posting
from portal.models.webhooks import WebhookMessage
from portal.queries import api_clients as look_up
from portal.queries import invariants, lifecycle_invariants, suggestions
from portal.queries import links as look_up_links
from portal.services import claims, links, practice, settlements, statistics, webhooks
from portal.services.api_clients import Issued
from portal.services.practice import store_id
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.api import register
from tests.factories import AT, actor, make_official
from tests.paid import County, make_county
from tests.settled import Office, csv_of, line

MONTH = "2026-05"


@pytest.fixture
def admin(session: Session) -> User:
    return make_official(session, Role.ADMINISTRATOR)


@pytest.fixture
def practising(session: Session, admin: User) -> Issued:
    return register(session, by=admin, sandbox=True)


def stores_and_states(session: Session, issued: Issued) -> list[tuple[str, str]]:
    found = look_up_links.page(session, look_up.actor_of(issued.client), platform=issued.client.platform)
    return [(link.store_id.rsplit("-", 1)[1], link.status.value) for link in found]


EXAMPLES = [("1", "confirmed"), ("2", "proposed"), ("3", "proposed"), ("1", "proposed")]


def practise(session: Session, stores: Stores, lines: LineStore, issued: Issued) -> None:
    """Confirms what waits and delivers lines of a linked store, as a platform's programmer would."""
    by, twin = look_up.actor_of(issued.client), issued.client.data_organisation_id
    _linked, waiting, _other, taken = look_up_links.page(session, by, platform="baemin")
    links.vouch(session, waiting.id, platform="baemin", by=by, at=AT)
    with pytest.raises(Conflict):
        links.vouch(session, taken.id, platform="baemin", by=by, at=AT)
    rows = csv_of([line(store_id(twin, 1), "2026-05-03 12:00"), line(store_id(twin, 1), "2026-06-03 12:00")])
    command = DeliverSettlement("baemin", MONTH, "practice.csv", io.BytesIO(rows))
    found = settlements.deliver(session, stores, lines, command, by=by, at=AT).delivery
    assert (found.accepted, found.refused) == (1, 1)


def test_every_platform_finds_links_to_confirm_to_refuse_and_to_be_refused(session, admin, practising: Issued) -> None:
    assert stores_and_states(session, practising) == EXAMPLES
    register(session, by=admin, sandbox=True)  # a second client of the platform finds the same
    assert stores_and_states(session, practising) == EXAMPLES
    yogiyo = register(session, by=admin, platform="yogiyo", sandbox=True)
    assert stores_and_states(session, yogiyo) == EXAMPLES
    assert stores_and_states(session, practising) == EXAMPLES


def test_a_real_client_gets_no_examples(session: Session, admin: User) -> None:
    assert stores_and_states(session, register(session, by=admin)) == []


def everything_real(session: Session, county: County, lines: LineStore) -> list[object]:
    """What officials, policy makers and the ledger see."""
    reviewer = make_official(session, Role.REVIEWER)
    desk = actor(reviewer)
    found = statistics.compile(session, county.programme.programme, at=AT)
    return [
        [(row.label, row.appropriated, row.granted, row.paid, row.left) for row in found.budget],
        found.funnel,
        [session.scalar(select(func.count()).select_from(model)) for model in (LedgerEntry, Posting)],
        [link.id for link in look_up_links.page(session, desk)],
        look_up_links.counts(session, desk),
        look_up_links.of_applicants(session, desk.organisation_id or 0),
        look_up_links.periods(session, [county.programme.programme.id]),
        settlements.taken_in(session, lines, desk.organisation_id or 0),
        settlements.unlinked_stores(session, lines, desk),
        suggestions.places(session, desk.organisation_id or 0),
    ]


def test_nothing_real_ever_sees_what_is_practised(session, stores: Stores, lines: LineStore, admin: User) -> None:
    county = make_county(session, stores)
    before = everything_real(session, county, lines)
    practise(session, stores, lines, register(session, by=admin, sandbox=True))
    assert everything_real(session, county, lines) == before
    assert list(lifecycle_invariants.statuses_follow_audit(session)) == []
    assert list(invariants.rows_accounted_for(session)) == []


def test_claims_are_drawn_up_without_what_is_practised(session, stores: Stores, lines: LineStore, admin) -> None:
    office = Office(session, stores, lines)
    shop = office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00", fee=3_000)], MONTH)
    practise(session, stores, lines, register(session, by=admin, sandbox=True))
    claims.draw_up(session, stores, lines, office.code, MONTH, by=actor(office.reviewer), at=AT)
    drawn = session.execute(select(Claim.merchant_id, Claim.period)).all()
    assert [tuple(row) for row in drawn] == [(shop.merchant.id, MONTH)]


def test_beginning_again_gives_every_client_the_examples_anew_and_nothing_of_before(
    session: Session, stores: Stores, lines: LineStore, admin: User, practising: Issued
) -> None:
    second = register(session, by=admin, sandbox=True, platform="yogiyo")
    practise(session, stores, lines, practising)
    before = practising.client.data_organisation_id
    webhooks.register(session, practising.client.id, "https://api.example.kr/x", loopback=False, by=actor(admin), at=AT)
    for _ in "12":
        twin = practice.begin_again(session, by=actor(admin), at=AT)
        session.expire_all()
        assert practising.client.data_organisation_id == second.client.data_organisation_id == twin.id != before
        assert stores_and_states(session, practising) == stores_and_states(session, second) == EXAMPLES
        by = look_up.actor_of(practising.client)
        assert settlements.taken_in(session, lines, by.organisation_id or 0).paths == []
        assert practising.client.sandbox is True
        before = twin.id
    told = session.scalars(select(WebhookMessage.event).order_by(WebhookMessage.id)).all()
    assert told.count(Event.LINK_PROPOSED) == 2 * len(EXAMPLES)


def test_only_an_administrator_with_somebody_who_practises_begins_again(session: Session, admin: User) -> None:
    with pytest.raises(NotFound):
        practice.begin_again(session, by=actor(admin), at=AT)
    with pytest.raises(NotPermitted):
        practice.begin_again(session, by=actor(make_official(session, Role.REVIEWER)), at=AT)
