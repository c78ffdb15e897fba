"""The outbox: what happened and its message are there together, each message is held by one worker, none vanishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted
from portal.domain.links import LinkProposal
from portal.domain.webhooks import LEASE, PAUSES, Answer, Event
from portal.models.accounts import User
from portal.models.webhooks import WebhookMessage
from portal.queries import api_clients as look_up_clients
from portal.queries import audit
from portal.queries import webhooks as look_up
from portal.services import api_clients, links, webhooks
from portal.services.api_clients import Issued
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.api import register
from tests.factories import AT, actor, make_official, make_organisation
from tests.settled import Office, line

URL = "https://api.example.kr/ieum"
SECOND = timedelta(seconds=1)
SINCE = date(2026, 3, 1)


@pytest.fixture
def admin(session: Session) -> User:
    return make_official(session, Role.ADMINISTRATOR)


@pytest.fixture
def told(session: Session, admin: User) -> Issued:
    issued = register(session, by=admin)
    webhooks.register(session, issued.client.id, URL, loopback=False, by=actor(admin), at=AT)
    return issued


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def announce(session: Session, told: Issued) -> WebhookMessage:
    organisations = [told.client.data_organisation_id]
    webhooks.announce(session, Event.ROWS_REFUSED, "baemin", organisations, {"batch_id": 1}, at=AT)
    session.commit()
    return session.scalars(select(WebhookMessage).order_by(WebhookMessage.id.desc())).first()  # ty: ignore


def events(session: Session) -> list[tuple[str, object]]:
    rows = session.scalars(select(WebhookMessage).order_by(WebhookMessage.id))
    return [(row.event.value, row.about) for row in rows]


def test_a_new_link_and_refused_rows_are_told_to_their_platform_alone(session, admin, told, office: Office) -> None:
    yogiyo = register(session, platform="yogiyo", by=admin)
    webhooks.register(session, yogiyo.client.id, f"{URL}/y", loopback=False, by=actor(admin), at=AT)
    shop = office.grant()
    command = LinkProposal("baemin", "S7", date(2026, 3, 1))
    link = links.propose(session, shop.merchant.id, command, by=actor(shop.owner), at=AT)
    good, bad = line("S7", "2026-05-03 12:00"), line("S7", "2026-06-03 12:00")
    delivery = office.deliver([good, bad], "2026-05").delivery
    office.deliver([line("S7", "2026-05-04 12:00")], "2026-05")  # nothing refused: nothing told
    assert events(session) == [
        ("link.proposed", {"link_id": link.id, "store_id": "S7"}),
        ("rows.refused", {"batch_id": delivery.id, "period": "2026-05", "refused": 1}),
    ]
    assert {message.webhook.client.id for message in session.scalars(select(WebhookMessage))} == {told.client.id}


def test_a_link_is_told_at_every_turn_whoever_decided(session: Session, admin, told: Issued, office: Office) -> None:
    shop, reviewer, platform = office.grant(), actor(office.reviewer), look_up_clients.actor_of(told.client)
    made = [
        links.propose(session, shop.merchant.id, LinkProposal("baemin", name, SINCE), by=actor(shop.owner), at=AT)
        for name in ("S1", "S2", "S3", "S4")
    ]
    links.confirm(session, made[0].id, by=reviewer, at=AT)
    links.end(session, made[0].id, date(2026, 5, 31), by=reviewer, at=AT)
    links.refuse(session, made[1].id, note="다른 가게입니다.", by=reviewer, at=AT)
    links.vouch(session, made[2].id, platform="baemin", by=platform, at=AT)
    links.deny(session, made[3].id, platform="baemin", note="모르는 매장입니다.", by=platform, at=AT)
    with pytest.raises(InvalidTransition):
        links.confirm(session, made[1].id, by=reviewer, at=AT)  # refused: nothing happens, nothing is told
    turns = ["link.confirmed", "link.ended", "link.refused", "link.confirmed", "link.refused"]
    named = [made[0], made[0], made[1], made[2], made[3]]
    assert events(session)[4:] == [
        (turn, {"link_id": link.id, "store_id": link.store_id}) for turn, link in zip(turns, named, strict=True)
    ]


def test_what_is_undone_is_not_told(session: Session, told: Issued, office: Office) -> None:
    shop = office.grant()
    session.commit()
    links.propose(
        session, shop.merchant.id, LinkProposal("baemin", "S7", date(2026, 3, 1)), by=actor(shop.owner), at=AT
    )
    session.rollback()
    assert events(session) == []


def test_a_platform_that_practises_or_whose_client_ended_is_told_nothing(session, admin, told, office: Office) -> None:
    practising = register(session, sandbox=True, by=admin)
    webhooks.register(session, practising.client.id, f"{URL}/s", loopback=False, by=actor(admin), at=AT)
    api_clients.revoke(session, told.client.id, by=actor(admin), at=AT)
    office.deliver([line("S7", "2026-06-03 12:00")], "2026-05")
    assert events(session) == []


def test_a_message_is_sent_by_one_worker_at_a_time(session, told, make_sessions: Callable[[], Session]) -> None:
    announce(session, told)
    session.commit()
    first, second = make_sessions(), make_sessions()
    (sending,) = webhooks.take_up(first, at=AT, most=5)
    first.commit()
    assert webhooks.take_up(second, at=AT + LEASE, most=5) == []
    second.commit()
    assert (sending.url, sending.body["event"], sending.signing_key) == (URL, "rows.refused", told.signing_key)
    assert told.signing_key not in repr(sending)


def test_a_worker_that_fell_silent_loses_the_message_and_its_word(session: Session, told: Issued) -> None:
    message = announce(session, told)
    (silent,) = webhooks.take_up(session, at=AT, most=5)
    (again,) = webhooks.take_up(session, at=AT + LEASE + SECOND, most=5)
    assert webhooks.settle(session, silent, Answer(200), at=AT + LEASE + SECOND) is False
    assert webhooks.settle(session, again, Answer(204), at=AT + LEASE + SECOND) is True
    assert (message.tries, message.delivered_at) == (1, AT + LEASE + SECOND)
    assert list(look_up.outbox_accounted_for(session)) == []


@pytest.mark.parametrize("answer", [Answer(500), Answer(302), Answer(problem="ConnectError")])
def test_a_message_nobody_takes_is_tried_less_and_less_often_and_then_given_up(session, told, answer: Answer) -> None:
    message, at = announce(session, told), AT
    for pause in PAUSES:
        (sending,) = webhooks.take_up(session, at=at, most=5)
        webhooks.settle(session, sending, answer, at=at)
        assert message.due_at == at + pause
        assert webhooks.take_up(session, at=at + pause - SECOND, most=5) == []
        at += pause
    (sending,) = webhooks.take_up(session, at=at, most=5)
    webhooks.settle(session, sending, answer, at=at)
    assert (message.given_up_at, message.due_at, message.tries) == (at, None, len(PAUSES) + 1)
    assert webhooks.take_up(session, at=at + timedelta(days=9), most=5) == []
    session.expire(message)
    assert [(one.answered_with, one.problem) for one in message.log] == [
        (answer.status, answer.problem)
    ] * message.tries
    assert list(look_up.outbox_accounted_for(session)) == []


def test_what_was_given_up_is_sent_again_when_the_administrator_says_so(session, admin, told: Issued) -> None:
    message = announce(session, told)
    with pytest.raises(InvalidTransition):
        webhooks.send_again(session, message.id, by=actor(admin), at=AT)
    message.due_at, message.given_up_at = None, AT
    webhooks.send_again(session, message.id, by=actor(admin), at=AT)
    assert [sending.message_id for sending in webhooks.take_up(session, at=AT, most=5)] == [message.id]
    assert audit.timeline(session, "api_client", told.client.id)[-1].action == "send_again"


def test_another_address_takes_the_place_of_the_first_whose_messages_end(session, admin, told: Issued) -> None:
    message = announce(session, told)
    webhooks.register(session, told.client.id, f"{URL}/new", loopback=False, by=actor(admin), at=AT)
    session.refresh(message)
    assert (message.due_at, message.given_up_at) == (None, AT)
    assert look_up.of_client(session, told.client.id).url == f"{URL}/new"  # ty: ignore
    webhooks.end(session, told.client.id, by=actor(admin), at=AT)
    assert look_up.of_client(session, told.client.id) is None
    assert list(look_up.outbox_accounted_for(session)) == []


def test_only_the_administrator_says_where_and_only_to_a_proper_address(session, admin, told: Issued) -> None:
    for url in ("http://api.example.kr/", "https://10.0.0.1/"):
        with pytest.raises(Incomplete):
            webhooks.register(session, told.client.id, url, loopback=False, by=actor(admin), at=AT)
    reviewer = actor(make_official(session, Role.REVIEWER))
    with pytest.raises(NotPermitted):
        webhooks.register(session, told.client.id, URL, loopback=False, by=reviewer, at=AT)
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    stranger = actor(make_official(session, Role.ADMINISTRATOR, organisation=hadong))
    with pytest.raises(NotFound):
        webhooks.register(session, told.client.id, URL, loopback=False, by=stranger, at=AT)


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE webhook_message SET delivered_at = made_at, due_at = NULL",
        "UPDATE webhook_message SET given_up_at = made_at, due_at = NULL",
        "UPDATE webhook_message SET tries = 1",
    ],
)
def test_a_message_that_is_said_to_be_sent_and_was_not_is_noticed(session: Session, told: Issued, breach: str) -> None:
    announce(session, told)
    assert list(look_up.outbox_accounted_for(session)) == []
    session.execute(text(breach))
    assert len(list(look_up.outbox_accounted_for(session))) == 1
