"""The outbox of mail and messages: written from notifications, held by a lease, sent, and each answer written down."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, Problem
from portal.domain.messages import (
    LEASE,
    LIFECYCLE,
    TO_PHONES,
    Answer,
    Bounce,
    Channel,
    MessageStatus,
    Sending,
    Verdict,
    after_quiet,
    new_header_id,
    next_try,
    status_verdict,
)
from portal.models.notifications import Contact, Message, MessageTry, Notification
from portal.queries import accounts, contacts, messages, notifications
from portal.queries.contacts import Known
from portal.services import steps
from reports import messages as paper

_ENDINGS = {Verdict.TAKEN: "send", Verdict.NO_SUCH_ADDRESS: "refuse", Verdict.NEVER: "give_up"}
_LONGEST_PROBLEM = 200


def spread(session: Session, channels: Collection[Channel], base_url: str, *, at: datetime, most: int) -> int:
    """Puts a message into the outbox for each channel by which its person wants to be told; how many lines were seen.

    Once for each line of an inbox, whoever runs it: the line is marked in the same transaction.
    """
    found = messages.unspread(session, most=most)
    known = contacts.of_accounts(session, {line.account_id for line in found}) if channels else {}
    for line in found:
        if line.read_at is None and line.account.active and line.topic not in notifications.muted_by(session, line):
            for channel in channels:
                if contacts.address_of(known, line.account, channel):
                    _write(session, line, channel, base_url, at=at)
        line.spread_at = at
    session.flush()
    return len(found)


def take_up(session: Session, channels: Collection[Channel], *, at: datetime, most: int) -> list[Sending]:
    """Messages to be sent now, held for this worker by tokens of their own.

    What nobody wants any more is dropped; what would ring by night waits for the morning.
    """
    while found := messages.due(session, channels, at=at, most=most):
        known = contacts.of_accounts(session, {message.notification.account_id for message in found})
        held = [each for message in found if (each := _taken(session, message, known, at)) is not None]
        if held:
            return held
    return []


def settle(session: Session, sending: Sending, answer: Answer, *, at: datetime) -> bool:
    """Writes how a try ended, where the message is still held: False where another worker has it by now."""
    message = session.get_one(Message, sending.message_id, with_for_update={"of": Message}, populate_existing=True)
    if message.token != sending.token:
        return False
    _note(session, message, answer, at=at)
    message.tries += 1
    message.token = message.held_until = None
    later = next_try(message.tries, at) if answer.verdict is Verdict.LATER else None
    if later is not None:
        message.due_at = later
    else:
        _end(session, message, _ENDINGS.get(answer.verdict, "give_up"), at=at)
    if answer.verdict is Verdict.NO_SUCH_ADDRESS:
        _mark_bad(session, message, answer.problem, at=at)
    session.flush()
    return True


def bounced(session: Session, report: Bounce, *, at: datetime) -> Message | None:
    """A mail that was taken came back: None where it is none of ours, came back before, or is only late."""
    message = messages.by_header(session, report.header_id)
    if not report.failed or message is None or message.status is not MessageStatus.SENT:
        return None
    verdict = status_verdict(report.status)
    if verdict is Verdict.LATER:  # whoever sent the report has tried to the end
        verdict = Verdict.NEVER
    _note(session, message, Answer(verdict, None, f"DSN {report.status}".strip()), at=at, later=True)
    _end(session, message, "bounce", at=at)
    if verdict is Verdict.NO_SUCH_ADDRESS:
        _mark_bad(session, message, f"DSN {report.status}", at=at)
    return message


def send_again(session: Session, message_id: int, *, by: Actor, at: datetime) -> Message:
    """An administrator has a message that did not arrive tried once more. Raises InvalidTransition for any
    other, Incomplete where its person is not told by this channel any more."""
    message = messages.of_organisation(session, message_id, by)
    LIFECYCLE.step(message.status, "send_again")
    user = message.notification.account
    if not contacts.address_of(contacts.of_accounts(session, [user.id]), user, message.channel):
        raise Incomplete(problems=[Problem("nowhere_to_send")])
    message.due_at, message.ended_at = at, None
    steps.take(session, message, LIFECYCLE, "send_again", by=by, at=at)
    return message


def _write(session: Session, line: Notification, channel: Channel, base_url: str, *, at: datetime) -> None:
    message = Message(
        notification_id=line.id,
        channel=channel,
        header_id=new_header_id(secrets.token_hex(16), base_url),
        made_at=at,
        due_at=at,
    )
    steps.begin(session, message, LIFECYCLE, "write", by=accounts.actor_of(line.account), at=at)


def _taken(session: Session, message: Message, known: Known, at: datetime) -> Sending | None:
    line = message.notification
    address = contacts.address_of(known, line.account, message.channel)
    if not address or not line.account.active:
        _end(session, message, "drop", at=at)
        return None
    contact = known.get((line.account_id, message.channel))
    if contact is not None and message.channel in TO_PHONES:
        rings_at = after_quiet(at, contact.quiet_from, contact.quiet_to)
        if rings_at > at:
            message.due_at = rings_at
            return None
    message.address, message.token, message.held_until = address, uuid.uuid4().hex, at + LEASE
    session.flush()
    subject, text = paper.of(line.kind, line.id, line.due_on, message.channel)
    return Sending(message.id, str(message.token), message.channel, message.header_id, subject, text, address)


def _end(session: Session, message: Message, action: str, *, at: datetime) -> None:
    by = accounts.actor_of(message.notification.account)  # looked up first: status and day change in one statement
    message.due_at, message.ended_at = None, at
    steps.take(session, message, LIFECYCLE, action, by=by, at=at)


def _note(session: Session, message: Message, answer: Answer, *, at: datetime, later: bool = False) -> None:
    session.add(
        MessageTry(
            message_id=message.id,
            tried_at=at,
            verdict=answer.verdict,
            code=answer.code,
            problem=answer.problem[:_LONGEST_PROBLEM],
            later=later,
        )
    )


def _mark_bad(session: Session, message: Message, reason: str, *, at: datetime) -> None:
    """The address is bad for every message to come, until its person writes another; not if they have already."""
    account_id = message.notification.account_id
    contact = session.get(Contact, (account_id, message.channel))
    if contact is None:
        contact = Contact(
            account_id=account_id, channel=message.channel, address=message.address, wanted=True, changed_at=at
        )
        session.add(contact)
    if contact.address == message.address:
        contact.bad_since, contact.bad_reason = at, reason[:_LONGEST_PROBLEM]
