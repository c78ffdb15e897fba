"""Looks up the outbox of mail and messages, and how it went."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.messages import PAUSES, Channel, MessageStatus, Verdict
from portal.models.notifications import Message, MessageTry, Notification

PAGE = 50
FIRST = 20
TROUBLE = (MessageStatus.REFUSED, MessageStatus.BOUNCED, MessageStatus.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class Log:
    """A page of messages, newest first; `counts`: how many there are in each status."""

    messages: Sequence[Message]
    earlier: int | None
    counts: dict[MessageStatus, int]


def unspread(session: Session, *, most: int) -> Sequence[Notification]:
    """Lines of inboxes whose messages are not in the outbox yet, the oldest first; locked, others' left out."""
    query = select(Notification).where(Notification.spread_at.is_(None)).order_by(Notification.id).limit(most)
    return session.scalars(query.with_for_update(of=Notification, skip_locked=True)).all()


def due(session: Session, channels: Collection[Channel], *, at: datetime, most: int) -> Sequence[Message]:
    """Messages whose time has come and that no worker holds, the oldest first; locked, others' left out."""
    free = or_(Message.held_until.is_(None), Message.held_until < at)
    query = select(Message).where(Message.due_at <= at, free, Message.channel.in_(channels))
    return session.scalars(query.order_by(Message.id).limit(most).with_for_update(of=Message, skip_locked=True)).all()


def by_header(session: Session, header_id: str) -> Message | None:
    """The message of this Message-ID, held until the transaction ends."""
    return session.scalar(select(Message).where(Message.header_id == header_id).with_for_update(of=Message))


def log(session: Session, by: Actor, *, status: MessageStatus | None = None, before: int | None = None) -> Log:
    """The messages about matters of the administrator's office, with their tries."""
    mine = Notification.organisation_id == by.organisation_id
    counts = select(Message.status, func.count()).join(Notification).where(mine).group_by(Message.status)
    query = select(Message).join(Notification).where(mine).options(joinedload(Message.notification, innerjoin=True)
        .joinedload(Notification.account, innerjoin=True))  # fmt: skip
    if status is not None:
        query = query.where(Message.status == status)
    if before is not None:
        query = query.where(Message.id < before)
    found = session.scalars(query.order_by(Message.id.desc()).limit(PAGE + 1)).all()
    earlier = found[PAGE - 1].id if len(found) > PAGE else None
    return Log(found[:PAGE], earlier, {row[0]: row[1] for row in session.execute(counts)})


def of_organisation(session: Session, message_id: int, by: Actor) -> Message:
    """One message of the administrator's office. Raises NotFound."""
    found = session.get(Message, message_id)
    if found is None or found.notification.organisation_id != by.organisation_id:
        raise NotFound(f"message {message_id}")
    return found


def messages_accounted_for(session: Session) -> Iterator[str]:
    """I16: what was sent was taken, what was given up was tried to the end, every try is there."""
    mine = MessageTry.message_id == Message.id
    tries = select(func.count(MessageTry.id)).where(mine, ~MessageTry.later).scalar_subquery()
    taken = select(MessageTry.id).where(mine, MessageTry.verdict == Verdict.TAKEN).exists()
    final = select(MessageTry.id).where(mine, MessageTry.verdict.in_((Verdict.NEVER, Verdict.NO_SUCH_ADDRESS))).exists()
    sent = Message.status.in_((MessageStatus.SENT, MessageStatus.BOUNCED))
    odd = select(Message.id).where(
        or_(
            Message.tries != tries,
            and_(sent, ~taken),
            and_(Message.status == MessageStatus.GIVEN_UP, ~final, Message.tries <= len(PAUSES)),
        )
    )
    yield from (f"message {message_id} of the mail outbox" for message_id in session.scalars(odd.limit(FIRST)))
