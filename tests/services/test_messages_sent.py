"""The worker sends what waits once, by real SMTP, under one Message-ID, and writes down how each try ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import jobs, notice_jobs
from portal.domain.actors import Role
from portal.domain.errors import InvalidTransition
from portal.domain.messages import LEASE, PAUSES, Answer, Bounce, Channel, ChooseChannels, MessageStatus, Verdict
from portal.domain.notifications import Kind, Topic
from portal.gateways import mail as gateway
from portal.models.accounts import User
from portal.models.base import transaction_apart
from portal.models.notifications import Contact, Message, Notification
from portal.queries import contacts as contact_queries
from portal.queries import lifecycle_invariants
from portal.queries import messages as look_up
from portal.services import contacts, messages
from tests.clocks import Clock
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation
from tests.mailbox import Mailbox, receiving

S = MessageStatus


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with receiving() as made:
        yield made


@pytest.fixture
def mailing(app: Flask, box: Mailbox, clock: Clock) -> Iterator[Flask]:
    """The portal with a mail server, while the clock stands still."""
    clock.move_to(AT)
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, mail=box.access(), texting=frozenset({Channel.SMS}))
    yield app
    app.config["SETTINGS"] = before


@pytest.fixture
def owner(session: Session) -> User:
    return make_merchant_user(session)


def told(session: Session, user: User, count: int = 1, kind: Kind = Kind.SUPPLEMENT_ASKED) -> None:
    office = make_organisation(session)
    session.add_all(
        Notification(account_id=user.id, organisation_id=office.id, kind=kind, topic=Topic.LEGAL, record_id=number,
                     about="섬진강 국밥", made_at=AT)
        for number in range(count)
    )  # fmt: skip
    session.commit()


def all_of(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).order_by(Message.id).execution_options(populate_existing=True)))


def one(session: Session) -> Message:
    (message,) = all_of(session)
    return message


def in_order(session: Session) -> bool:
    return not [*look_up.messages_accounted_for(session), *lifecycle_invariants.statuses_follow_audit(session)]


def test_a_line_of_an_inbox_leaves_as_one_mail_that_tells_nothing_of_the_case(mailing, session, box, owner) -> None:
    told(session, owner)
    assert (notice_jobs.tell(mailing), notice_jobs.tell(mailing)) == (1, 0)
    (mail,) = box.mails
    message = one(session)
    assert (mail["To"], mail["Message-ID"]) == (owner.login, message.header_id)
    assert "섬진강" not in mail.get_content() + mail["Subject"]
    assert (message.status, message.tries, [each.code for each in message.log]) == (S.SENT, 1, [250])
    assert in_order(session)


def test_without_a_mail_server_nothing_is_written_for_later(app: Flask, session: Session, owner: User, clock) -> None:
    told(session, owner)
    assert notice_jobs.tell(app) == 0
    assert all_of(session) == []
    assert session.scalars(select(Notification.spread_at)).one() is not None


def test_what_was_read_before_it_left_is_not_sent(mailing: Flask, session: Session, box: Mailbox, owner: User) -> None:
    told(session, owner)
    session.scalars(select(Notification)).one().read_at = AT
    session.commit()
    assert notice_jobs.tell(mailing) == 0
    assert box.took == []


def test_a_server_in_trouble_is_tried_again_under_the_same_id(mailing, session, box, owner, clock: Clock) -> None:
    told(session, owner)
    box.answers = {"RCPT": ["451 4.7.1 greylisted"], "DATA": ["drop"]}
    notice_jobs.tell(mailing)
    assert (one(session).status, one(session).due_at) == (S.WAITING, AT + PAUSES[0])
    session.rollback()
    assert notice_jobs.tell(mailing) == 0
    for pause in PAUSES[:2]:
        clock.shift(pause)
        notice_jobs.tell(mailing)
    assert [each.verdict for each in one(session).log] == [Verdict.LATER, Verdict.LATER, Verdict.TAKEN]
    taken, again = box.mails  # the first was taken without a word: whoever gets both sees that they are one
    assert taken["Message-ID"] == again["Message-ID"] == one(session).header_id
    assert in_order(session)


def test_a_server_that_stays_in_trouble_is_given_up_and_an_administrator_may_have_it_sent(
    mailing, session, box, owner, clock: Clock
) -> None:
    told(session, owner)
    box.answers = {"MAIL": ["452 4.3.1 full"] * (len(PAUSES) + 1)}
    for pause in (timedelta(0), *PAUSES):
        clock.shift(pause)
        notice_jobs.tell(mailing)
    assert (one(session).status, one(session).tries) == (S.GIVEN_UP, len(PAUSES) + 1)
    assert in_order(session)
    admin = actor(make_official(session, Role.ADMINISTRATOR))
    session.commit()
    messages.send_again(session, one(session).id, by=admin, at=AT)
    session.commit()
    notice_jobs.tell(mailing)
    assert one(session).status is S.SENT
    with pytest.raises(InvalidTransition):
        messages.send_again(session, one(session).id, by=admin, at=AT)


def test_an_address_that_is_none_is_not_written_to_again_until_its_person_mends_it(mailing, session, box, owner):
    told(session, owner, 1)
    box.answers = {"RCPT": ["550 5.1.1 no such user"]}
    notice_jobs.tell(mailing)
    assert (one(session).status, session.scalars(select(Contact)).one().bad_since) == (S.REFUSED, AT)
    told(session, owner, 1, Kind.DECIDED)
    assert notice_jobs.tell(mailing) == 0
    mended = ChooseChannels("new@example.kr", "", frozenset({Channel.MAIL}), 21, 8, frozenset())
    contacts.choose(session, mended, by=actor(owner), at=AT)
    told(session, owner, 1, Kind.REJECTED)
    notice_jobs.tell(mailing)
    assert [to for _, to, _ in box.took] == ["new@example.kr"]
    assert contact_queries.of_own(session, actor(owner)).bad == ()
    assert in_order(session)


def bounce(session: Session, header_id: str, status: str = "5.1.1", *, failed: bool = True) -> Message | None:
    return messages.bounced(session, Bounce(header_id, failed, status), at=AT)


def test_a_mail_that_comes_back_later_is_recorded_once_and_its_address_is_bad(mailing, session, box, owner) -> None:
    told(session, owner)
    notice_jobs.tell(mailing)
    header_id = one(session).header_id
    assert bounce(session, f"<{'0' * 32}@127.0.0.1>") is None
    assert bounce(session, header_id, "4.4.7", failed=False) is None
    assert bounce(session, header_id) is not None
    assert bounce(session, header_id) is None
    session.commit()
    message = one(session)
    assert (message.status, message.log[-1].later, message.tries) == (S.BOUNCED, True, 1)
    assert [each.address for each in contact_queries.of_own(session, actor(owner)).bad] == [owner.login]
    assert in_order(session)


def test_a_report_about_an_address_that_was_mended_meanwhile_blames_the_old_one(mailing, session, box, owner) -> None:
    told(session, owner)
    notice_jobs.tell(mailing)
    mended = ChooseChannels("new@example.kr", "", frozenset({Channel.MAIL}), 21, 8, frozenset())
    contacts.choose(session, mended, by=actor(owner), at=AT)
    session.commit()
    assert bounce(session, one(session).header_id) is not None
    assert contact_queries.of_own(session, actor(owner)).bad == ()


def test_by_night_no_telephone_rings(mailing: Flask, session: Session, box: Mailbox, owner: User, clock: Clock) -> None:
    path = mailing.config["SETTINGS"].instance / "texting" / "sms.jsonl"
    path.unlink(missing_ok=True)
    choice = ChooseChannels("", "01012345678", frozenset({Channel.SMS}), 21, 8, frozenset())
    contacts.choose(session, choice, by=actor(owner), at=AT)
    clock.move_to(AT.replace(hour=13))  # 22:00 in Korea
    told(session, owner)
    assert notice_jobs.tell(mailing) == 0
    assert (one(session).due_at, path.exists()) == (AT.replace(hour=23), False)  # 08:00 the next day
    session.rollback()
    clock.move_to(AT.replace(hour=23))
    assert notice_jobs.tell(mailing) == 1
    assert "/inbox/" in path.read_text("utf-8")
    assert box.took == []


def mails_of_each(mailing: Flask, session: Session, owner: User, box: Mailbox) -> list[int]:
    """How often each message was sent by a worker in the midst of sending and one that looks for work meanwhile."""
    told(session, owner, 3)
    notice_jobs.spread(mailing)
    with mailing.app_context(), transaction_apart() as first:
        held = messages.take_up(first, [Channel.MAIL], at=AT, most=5)
    notice_jobs.tell(mailing)
    with mailing.app_context(), gateway.connected(box.access()) as line:
        for sending in held:
            answer = line.send(sending, at=AT)
            with transaction_apart() as apart:
                messages.settle(apart, sending, answer, at=AT)
    return sorted(Counter(mail["Message-ID"] for mail in box.mails).values())


def test_two_workers_send_each_message_once(mailing: Flask, session: Session, owner: User, box: Mailbox) -> None:
    assert mails_of_each(mailing, session, owner, box) == [1, 1, 1]
    assert in_order(session)


def test_without_the_lease_the_same_round_sends_twice(mailing, session, owner, box, monkeypatch) -> None:
    """The control: a worker that asks only for what is due, and not for what is held, is caught by the count above."""

    def due(session: Session, channels: Collection[Channel], *, at: datetime, most: int) -> Sequence[Message]:
        return session.scalars(select(Message).where(Message.due_at <= at).limit(most)).all()

    monkeypatch.setattr(look_up, "due", due)
    assert mails_of_each(mailing, session, owner, box) == [2, 2, 2]


def test_a_line_is_spread_once_and_without_its_mark_the_database_refuses_a_second(mailing, session, owner) -> None:
    told(session, owner)
    assert [notice_jobs.spread(mailing), notice_jobs.spread(mailing)] == [1, 0]
    session.execute(update(Notification).values(spread_at=None))
    session.commit()
    with pytest.raises(IntegrityError):
        notice_jobs.spread(mailing)


def test_what_a_dead_worker_held_goes_out_later_under_the_same_id_and_its_answer_comes_too_late(
    mailing, session, owner, box, clock: Clock
) -> None:
    told(session, owner)
    notice_jobs.spread(mailing)
    with mailing.app_context(), transaction_apart() as first:
        (held,) = messages.take_up(first, [Channel.MAIL], at=AT, most=5)
    assert notice_jobs.tell(mailing) == 0
    clock.shift(LEASE + timedelta(seconds=1))
    assert notice_jobs.tell(mailing) == 1
    assert box.mails[0]["Message-ID"] == held.header_id
    assert messages.settle(session, held, Answer(Verdict.LATER), at=AT) is False
    assert one(session).status is S.SENT


def test_the_queue_sends_every_minute_and_reminds_every_hour(app: Flask) -> None:
    queue = jobs._queue(app)
    with time_machine.travel(AT, tick=False):
        names = {task.name for task in queue._huey._registry.periodic_tasks}
    assert names >= {"message", "remind"}
