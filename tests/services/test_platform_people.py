"""A platform's person delivers, states and vouches for the own platform at one organisation, and for nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import AlreadyDone, FileRefused, NotFound, NotPermitted, Problem
from portal.domain.links import LinkProposal, LinkStatus
from portal.domain.receipts import ReceiptStatus
from portal.domain.settlements import DeliverSettlement
from portal.domain.statements import BY_PERSON, StateMonth
from portal.models.accounts import User
from portal.models.receipts import Receipt
from portal.queries import accounts as look_up_accounts
from portal.queries import links as look_up_links
from portal.queries import receipts as look_up_receipts
from portal.queries import settlements as look_up
from portal.queries import statements as look_up_statements
from portal.services import accounts, links, receipts, settlements, statements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official, make_organisation, make_platform_person
from tests.settled import Office, csv_of, line

GOOD = csv_of([line("S1", "2026-05-03 12:00", order_no="A1")])
REFUSAL = FileRefused(problems=[Problem("no_rows", "file")])


def command(platform: str = "baemin", content: bytes = GOOD) -> DeliverSettlement:
    return DeliverSettlement(platform, "2026-05", "may.csv", io.BytesIO(content))


@dataclass
class Desk:
    """The own clerk, and two to whom nothing of that platform at that organisation exists."""

    own: Actor
    strangers: tuple[Actor, Actor]


@pytest.fixture
def desk(session: Session) -> Desk:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    strangers = (make_platform_person(session, "yogiyo"), make_platform_person(session, organisation=elsewhere))
    return Desk(actor(make_platform_person(session)), (actor(strangers[0]), actor(strangers[1])))


def test_a_clerk_delivers_for_the_own_platform_alone(
    session: Session, stores: Stores, lines: LineStore, desk: Desk
) -> None:
    delivery = settlements.deliver(session, stores, lines, command(), by=desk.own, at=AT).delivery
    assert (delivery.platform, delivery.accepted) == ("baemin", 1)
    for attempt in (settlements.deliver, lambda *a, **k: receipts.receive(a[0], a[1], a[3], **k)):
        with pytest.raises(NotPermitted):
            attempt(session, stores, lines, command("yogiyo"), by=desk.own, at=AT)
    assert look_up.of_organisation(session, delivery.id, desk.own) is delivery
    assert [each.id for each in look_up.page(session, desk.own)] == [delivery.id]
    for stranger in desk.strangers:
        assert list(look_up.page(session, stranger)) == []
        with pytest.raises(NotFound):
            look_up.of_organisation(session, delivery.id, stranger)


def test_what_an_official_received_for_the_platform_is_the_platforms_too(
    session: Session, stores: Stores, desk: Desk
) -> None:
    reviewer = actor(make_official(session, Role.REVIEWER))
    mine = receipts.keep_refused(session, stores, command(), REFUSAL, by=reviewer, at=AT)
    other = receipts.keep_refused(session, stores, command("yogiyo"), REFUSAL, by=reviewer, at=AT)
    assert [each.id for each in look_up_receipts.page(session, desk.own)] == [mine.id]
    assert [each.id for each in look_up_receipts.page(session, reviewer)] == [other.id, mine.id]
    receipts.close(session, mine.id, "another month", by=desk.own, at=AT)
    assert mine.status is ReceiptStatus.CLOSED


@pytest.mark.parametrize("stranger", [0, 1], ids=["another platform's", "another organisation's"])
def test_a_strangers_file_does_not_exist(session: Session, stores: Stores, desk: Desk, stranger: int) -> None:
    by = desk.strangers[stranger]
    receipt = receipts.keep_refused(session, stores, command(), REFUSAL, by=desk.own, at=AT)
    session.commit()
    assert look_up_receipts.number_open(session, by) == 0
    theirs = command(by.platform, csv_of([line("S2", "2026-05-03 12:00")]))
    for attempt in (
        lambda: look_up_receipts.of_organisation(session, receipt.id, by),
        lambda: receipts.read_again(session, receipt.id, "", by=by, at=AT),
        lambda: receipts.close(session, receipt.id, "mine", by=by, at=AT),
        lambda: receipts.receive(session, stores, theirs, by=by, at=AT, instead_of=receipt.id),
    ):
        with pytest.raises(NotFound):
            attempt()
        session.rollback()
    assert session.get_one(Receipt, receipt.id).status is ReceiptStatus.REFUSED
    again = receipts.read_again(session, receipt.id, "", by=desk.own, at=AT)
    assert again.receipt_id != receipt.id


def test_a_clerk_vouches_for_links_to_the_own_stores_alone(
    session: Session, stores: Stores, lines: LineStore, desk: Desk
) -> None:
    office = Office(session, stores, lines)
    shop = office.grant()
    first, second = (
        links.propose(
            session, shop.merchant.id, LinkProposal("baemin", store, date(2026, 3, 1)), by=actor(shop.owner), at=AT
        )
        for store in ("S1", "S2")
    )
    for stranger in desk.strangers:
        assert list(look_up_links.page(session, stranger)) == []
        assert look_up_links.counts(session, stranger) == {}
        with pytest.raises(NotFound):
            links.vouch(session, first.id, platform=stranger.platform, by=stranger, at=AT)
        with pytest.raises(NotFound):
            links.deny(session, first.id, platform="baemin", note="ours", by=stranger, at=AT)
    links.vouch(session, first.id, platform="baemin", by=desk.own, at=AT)
    links.deny(session, second.id, platform="baemin", note="another shop's", by=desk.own, at=AT)
    assert (first.status, second.status) == (LinkStatus.CONFIRMED, LinkStatus.REFUSED)
    with pytest.raises(NotPermitted):
        links.end(session, first.id, date(2026, 6, 1), by=desk.own, at=AT)


def test_a_clerk_states_totals_of_the_own_platform_alone(
    session: Session, stores: Stores, lines: LineStore, desk: Desk
) -> None:
    settlements.deliver(session, stores, lines, command(), by=desk.own, at=AT)
    told = StateMonth("2026-05", {"orders": 1, "order_amount": 20_001})
    found = statements.state(session, lines, "baemin", told, by=desk.own, at=AT)
    assert found.differences == {"order_amount": 1}
    assert look_up_statements.newest(session, desk.own, "baemin", "2026-05").source == BY_PERSON
    assert list(look_up_statements.periods(session, desk.own, "baemin")) == ["2026-05"]
    with pytest.raises(NotPermitted):
        statements.state(session, lines, "yogiyo", told, by=desk.own, at=AT)
    assert list(look_up_statements.periods(session, desk.strangers[1], "baemin")) == []


def test_no_other_role_makes_a_clerk_deliver_for_others(session: Session, desk: Desk) -> None:
    both = replace(desk.own, roles=frozenset({Role.PLATFORM, Role.REVIEWER}))
    assert both.may_deliver("baemin")
    assert not both.may_deliver("yogiyo")
    assert not replace(desk.own, roles=frozenset({Role.REVIEWER})).may_deliver("baemin")
    assert not replace(desk.own, platform="").may_deliver("baemin")
    assert not desk.own.is_official


def test_an_account_has_a_platform_or_other_roles(session: Session) -> None:
    administrator = actor(make_official(session, Role.ADMINISTRATOR))
    clerk, reviewer = make_platform_person(session), make_official(session, Role.REVIEWER)
    with pytest.raises(NotPermitted):
        accounts.grant(session, clerk.login, Role.AUDITOR, by=administrator, at=AT)
    with pytest.raises(NotPermitted):
        accounts.grant(session, reviewer.login, Role.PLATFORM, by=administrator, at=AT)
    with pytest.raises(AlreadyDone):
        accounts.grant(session, clerk.login, Role.PLATFORM, by=administrator, at=AT)
    for login, role, never in (
        (clerk.login, Role.PLATFORM, Role.AUDITOR),
        (reviewer.login, Role.REVIEWER, Role.PLATFORM),
    ):
        accounts.revoke(session, login, role, by=administrator, at=AT)
        with pytest.raises(NotPermitted):
            accounts.grant(session, login, never, by=administrator, at=AT)
    accounts.close(session, clerk.login, by=administrator, at=AT)
    assert not look_up_accounts.actor_of(clerk).may_deliver("baemin")


@pytest.mark.parametrize("wrong", [{"platform": ""}, {"organisation_id": None}])
def test_the_database_refuses_a_platform_without_a_name_or_an_organisation(session: Session, wrong: dict) -> None:
    clerk: User = make_platform_person(session)
    for name, value in wrong.items():
        setattr(clerk, name, value)
    with pytest.raises(IntegrityError):
        session.flush()
