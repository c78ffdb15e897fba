"""Mail, SMS and messenger: what leaves the portal about a notification, how an answer is read, and when to try again.

A message only says that something waits and where: no name, no case, no amount travels in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.identifiers import is_mobile
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.notifications import Topic
from portal.domain.periods import KOREA, korean_time

# After each failed try; then the message is given up, which the administrator's page shows.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
LEASE = timedelta(minutes=10)  # longer than a worker can be busy with the few messages it holds
MAX_ADDRESS = 254
# By night no telephone rings: practice, as the Act asks it of advertising alone (정보통신망법 제50조제3항, 확인 필요).
QUIET_FROM, QUIET_TO = 21, 8

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250})\.[A-Za-z]{2,63}")
_THEIRS = ("0", "1", "2", "3", "6", "10")  # of x.1.*, those about the recipient
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"
    MESSENGER = "messenger"  # 알림톡


TO_PHONES = (Channel.SMS, Channel.MESSENGER)


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"  # taken by the next server, which may still send it back
    REFUSED = "refused"  # no such address
    BOUNCED = "bounced"  # came back later
    GIVEN_UP = "given_up"
    DROPPED = "dropped"  # nobody wants it any more


S, R = MessageStatus, Role
# The portal writes and sends in the name of the person who is told: it is their wish that a message goes out.
LIFECYCLE = Lifecycle(
    "message",
    S.WAITING,
    (
        Step(S.WAITING, "send", S.SENT, None),
        Step(S.WAITING, "refuse", S.REFUSED, None),
        Step(S.WAITING, "give_up", S.GIVEN_UP, None),
        Step(S.WAITING, "drop", S.DROPPED, None),
        Step(S.SENT, "bounce", S.BOUNCED, None),
        Step(S.GIVEN_UP, "send_again", S.WAITING, R.ADMINISTRATOR),
        Step(S.REFUSED, "send_again", S.WAITING, R.ADMINISTRATOR),
        Step(S.BOUNCED, "send_again", S.WAITING, R.ADMINISTRATOR),
    ),
)


@dataclass(frozen=True, slots=True)
class MailAccess:
    """How mail leaves: `tls` is "none", "starttls" or "tls" (from the first byte); `sender` stands in From."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    wait: timedelta = timedelta(seconds=20)
    authority: str = ""  # a file of certificates to trust instead of the system's


@dataclass(frozen=True, slots=True)
class Sending:
    """A message a worker holds. `header_id`: its Message-ID, the same at every try."""

    message_id: int
    token: str
    channel: Channel
    header_id: str
    subject: str
    text: str
    address: str = field(repr=False)


class Verdict(StrEnum):
    TAKEN = "taken"
    LATER = "later"
    NO_SUCH_ADDRESS = "no_such_address"
    NEVER = "never"  # refused for good, and not because of the address


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try ended. `code`: what was answered, if anything was; `problem` says it in a word, without the address."""

    verdict: Verdict
    code: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report of delivery says (RFC 3464): of which Message-ID, whether it failed for good, and its status."""

    header_id: str
    failed: bool
    status: str


@dataclass(frozen=True, slots=True)
class ChooseChannels:
    """Where a person wants to be told, and what they do not want to hear of in the inbox."""

    mail: str = field(repr=False)  # "" for no mail
    phone: str = field(repr=False)
    channels: frozenset[Channel]
    quiet_from: int
    quiet_to: int
    muted: frozenset[Topic]


def refusal_verdict(code: int, text: str) -> Verdict:
    """What an answer to RCPT means (RFC 5321 4.2, RFC 3463): only x.1.* and x.2.1 blame the address.

    A full mailbox (x.2.2) may be emptied, a policy (x.7.*) may change, and 5.1.7 is about the sender: none of them
    makes an address a bad one.
    """
    if 200 <= code < 300:
        return Verdict.TAKEN
    if not 500 <= code < 600:
        return Verdict.LATER
    found = _STATUS.search(text)
    if found is None:
        return Verdict.NO_SUCH_ADDRESS if code in (550, 551, 553) else Verdict.NEVER
    return status_verdict(found.group(0))


def status_verdict(status: str) -> Verdict:
    """The same of an enhanced status alone, as reports of delivery give it."""
    kind, subject, detail = [*status.split("."), "", ""][:3]
    if kind != "5" or (subject, detail) == ("2", "2"):
        return Verdict.LATER
    theirs = (subject == "1" and detail in _THEIRS) or (subject, detail) == ("2", "1")
    return Verdict.NO_SUCH_ADDRESS if theirs else Verdict.NEVER


def next_try(failed: int, at: datetime) -> datetime | None:
    """When to try again after so many failed tries; None: never."""
    return at + PAUSES[failed - 1] if failed <= len(PAUSES) else None


def after_quiet(at: datetime, quiet_from: int, quiet_to: int) -> datetime:
    """`at`, or the end of the quiet hours it falls into, on the Korean clock; equal hours mean none are quiet."""
    local = korean_time(at)
    over_night = quiet_from > quiet_to
    inside = local.hour >= quiet_from or local.hour < quiet_to if over_night else quiet_from <= local.hour < quiet_to
    if not inside:
        return at
    on = local.date() + timedelta(days=1) if over_night and local.hour >= quiet_from else local.date()
    return datetime.combine(on, time(quiet_to), KOREA).astimezone(UTC)


def address_fault(channel: Channel, address: str) -> str:
    """The code of what is wrong with where a message is to go, "" for a good one."""
    if channel in TO_PHONES:
        return "" if is_mobile(address) else "phone_not_mobile"
    ok = len(address) <= MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None and ".." not in address
    return "" if ok else "mail_address_invalid"


def faults(command: ChooseChannels) -> list[Problem]:
    """What is wrong with a choice: a channel without its address, or a wrong one."""
    wanted = [(Channel.MAIL, command.mail, "mail")] if Channel.MAIL in command.channels else []
    wanted += [(channel, command.phone, "phone") for channel in TO_PHONES if channel in command.channels][:1]
    found = [(address_fault(channel, address) if address else "required", name) for channel, address, name in wanted]
    return [Problem(code, name) for code, name in found if code]


def mask_address(address: str) -> str:
    """`kim@example.kr` -> `k**@example.kr`, `01012345678` -> `010****5678`."""
    name, at_sign, host = address.partition("@")
    if at_sign:
        return name[:1] + "*" * max(2, len(name) - 1) + at_sign + host
    return address[:3] + "*" * max(0, len(address) - 7) + address[-4:] if len(address) > 7 else "*" * len(address)


def new_header_id(secret: str, base_url: str) -> str:
    """The Message-ID of a new message: unguessable, so that only whoever was sent it can say that it came back."""
    return f"<{secret}@{urlsplit(base_url).hostname or 'localhost'}>"
