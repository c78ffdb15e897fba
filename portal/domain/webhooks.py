"""What platforms are told without asking: the events, where they may be sent, and how often they are tried."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

# After each failed try; then the message is given up, which the administrator's page shows.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
LEASE = timedelta(minutes=2)  # so long a worker may be silent about a message it holds
MAX_URL = 500
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Event(StrEnum):
    LINK_PROPOSED = "link.proposed"
    LINK_CONFIRMED = "link.confirmed"
    LINK_REFUSED = "link.refused"
    LINK_ENDED = "link.ended"
    ROWS_REFUSED = "rows.refused"


@dataclass(frozen=True, slots=True)
class Sending:
    """A message a worker holds: what goes where, and the key that signs it."""

    message_id: int
    token: str
    url: str
    body: dict[str, Any]
    signing_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try ended: the status that came back, or in a word why none did. Only 2xx means delivered."""

    status: int | None = None
    problem: str = ""

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def next_try(failed: int, at: datetime) -> datetime | None:
    """When to try again after so many failed tries; None: never."""
    return at + PAUSES[failed - 1] if failed <= len(PAUSES) else None


def address_fault(url: str, *, loopback: bool) -> str:
    """The code of what is wrong with an address, "" for a good one.

    https to a host by name. `loopback` (a demo, tests) also allows http on this machine; elsewhere no address of a
    machine is taken, which could be one inside the office's own network.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "webhook_address"
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or parts.username or parts.fragment:
        return "webhook_address"
    if loopback and parts.scheme == "http" and host in _LOOPBACK:
        return ""
    return "" if parts.scheme == "https" and "." in host and not _is_number(host) else "webhook_address"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rsplit(".", 1)[-1].isdecimal()
    return True
