"""The door of the partner API: a bearer token, the scope its route's row names, and nothing of a browser's session."""

from __future__ import annotations

from flask import g, request

from portal.clock import now
from portal.domain import signatures
from portal.domain.api_clients import Partner, Scope
from portal.domain.errors import Problem, ScopeMissing, SignatureInvalid, TokenInvalid
from portal.models.base import reading_apart, transaction_apart
from portal.queries import api_clients
from portal.services import webhooks
from portal.services.api_clients import hash_of
from portal.web import received
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
        key = found.client.signing_key if found.client.signed else ""
    if isinstance(route.permission, Scope) and not g.partner.may(route.permission):
        raise ScopeMissing(route.permission)
    if key:
        _check_signature(key)


def _check_signature(key: str) -> None:
    """A signature over the whole request, made a moment ago; one that changed something is good for once."""
    said = signatures.of_request(request.method, request.full_path.rstrip("?"), received.body_sha256())
    header = request.headers.get(signatures.HEADER, "")
    fault = signatures.fault(header, key, said, at=now())
    if fault:
        raise SignatureInvalid(problems=[Problem(fault, signatures.HEADER)])
    if request.method not in ("GET", "HEAD"):
        with transaction_apart() as session:
            webhooks.use_signature(session, header, at=now())


def partner() -> Partner:
    """The client that asks. Raises TokenInvalid where the route let in everybody."""
    if "partner" not in g:
        raise TokenInvalid
    return g.partner
