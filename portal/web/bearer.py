"""The door of the partner API: a bearer token, the scope its route's row names, and nothing of a browser's session."""

from __future__ import annotations

from flask import g, request

from portal.clock import now
from portal.domain.api_clients import Partner, Scope
from portal.domain.errors import ScopeMissing, TokenInvalid
from portal.models.base import reading_apart
from portal.queries import api_clients
from portal.services.api_clients import hash_of
from portal.web.routing import Door, Route

AUDIENCE = "partner"


def check(route: Route) -> None:
    """Lets the token's client in, or raises TokenInvalid or ScopeMissing.

    The look-up has a transaction of its own: what the request writes begins after its body has come in.
    """
    if route.permission is Door.PUBLIC:
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenInvalid
    with reading_apart() as session:
        found = api_clients.living_token(session, hash_of(token.strip()), at=now())
        if found is None:
            raise TokenInvalid
        g.partner = api_clients.partner_of(found)
    if isinstance(route.permission, Scope) and not g.partner.may(route.permission):
        raise ScopeMissing(route.permission)


def partner() -> Partner:
    """The client that asks. Raises TokenInvalid where the route let in everybody."""
    if "partner" not in g:
        raise TokenInvalid
    return g.partner
