"""API clients of partner platforms: what a client may ask for, how long its secrets and tokens live, who it acts as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.actors import Actor

TOKEN_LIFETIME = timedelta(minutes=15)
OVERLAP = timedelta(days=7)  # so long an old secret still works beside its successor
LONGEST = timedelta(days=366)  # a client nobody renews ends by itself
MAX_NAME = 60


class Scope(StrEnum):
    """`resource:action`, alphabetical: what a token opens. A client asks for some or all of what it was given."""

    LINKS_DECIDE = "links:decide"
    LINKS_READ = "links:read"
    SETTLEMENTS_DELIVER = "settlements:deliver"
    SETTLEMENTS_READ = "settlements:read"
    STATEMENTS_DELIVER = "statements:deliver"


@dataclass(frozen=True, slots=True)
class RegisterClient:
    """`expires_on` is the last day. `sandbox`: it reads and writes practice data only. `signed`: it signs requests."""

    platform: str
    name: str
    scopes: frozenset[Scope]
    expires_on: date
    sandbox: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """Who stands behind a token: a client of one platform. `actor` has the organisation whose data it works on."""

    client_id: int
    public_id: str
    name: str
    platform: str
    scopes: frozenset[Scope]
    sandbox: bool
    actor: Actor

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes


def joined(scopes: Iterable[Scope]) -> str:
    """As OAuth2 writes them: one text, separated by blanks (RFC 6749, 3.3)."""
    return " ".join(sorted(scope.value for scope in scopes))


def split(text: str) -> frozenset[Scope]:
    """The scopes of such a text. ValueError for one that is none."""
    return frozenset(map(Scope, text.split()))
