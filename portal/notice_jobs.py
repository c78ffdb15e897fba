"""What a worker does about notifications: reminds of deadlines, fills the outbox, sends what is in it.

Nothing outside is spoken to inside a transaction: a message is held first, and what was answered is written after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from flask import Flask

from portal.clock import now
from portal.domain.messages import TO_PHONES, Answer, Channel, Sending, Verdict
from portal.gateways import mail, texting
from portal.models.base import transaction_apart
from portal.services import messages, reminders

_LINES_AT_ONCE = 200
_SENT_AT_ONCE = 5  # messages a worker holds at a time: fewer than its lease has room for, however slow


def tell(app: Flask) -> int:
    """Fills the outbox and sends what is due; how many answers were written."""
    spread(app)
    settings = app.config["SETTINGS"]
    sent = 0
    with app.app_context():
        if settings.mail is not None:
            with mail.connected(settings.mail) as line:
                sent += _send([Channel.MAIL], lambda sending, at: line.send(sending, at=at))
        phones = [channel for channel in TO_PHONES if channel in settings.texting]
        if phones:
            sent += _send(phones, texting.into(settings.instance / "texting"))
    return sent


def spread(app: Flask) -> int:
    """Fills the outbox from inboxes; how many lines of them were seen."""
    settings, seen = app.config["SETTINGS"], 0
    with app.app_context():
        while True:
            with transaction_apart() as session:
                found = messages.spread(session, settings.channels, settings.base_url, at=now(), most=_LINES_AT_ONCE)
            seen += found
            if found < _LINES_AT_ONCE:
                return seen


def remind(app: Flask) -> int:
    """Reminds of what is due, once a day whoever runs it; how many lines were written."""
    with app.app_context(), transaction_apart() as session:
        return reminders.remind(session, at=now())


def _send(channels: Collection[Channel], send: Callable[[Sending, datetime], Answer]) -> int:
    sent = silent = 0  # where nobody answers, the next round asks again: the others need not wait for a time-out each
    while True:
        with transaction_apart() as session:
            held = messages.take_up(session, channels, at=now(), most=_SENT_AT_ONCE)
        for sending in held:
            answer = send(sending, now())
            silent += answer.verdict is Verdict.LATER and answer.code is None
            with transaction_apart() as session:
                sent += messages.settle(session, sending, answer, at=now())
        if not held or silent:
            return sent
