"""How often a client of the partner API may ask; every answer says how much is left."""

from __future__ import annotations

from flask import Blueprint, Flask, g, request
from flask_limiter import Limiter


def install(app: Flask, api: Blueprint, rate: str, storage: str) -> None:
    """Limits the API alone, all of it together. `storage`: where several processes count together."""
    limiter = Limiter(key_func=_caller, storage_uri=storage, headers_enabled=True, strategy="fixed-window")
    limiter.shared_limit(rate, scope=api.name)(api)
    limiter.init_app(app)


def _caller() -> str:
    """The client behind the token; where there is none yet, the client that asks for one, or the address."""
    if "partner" in g:
        return f"client {g.partner.public_id}"
    authorization = request.authorization
    named = (authorization.username if authorization else None) or request.form.get("client_id")
    return f"id {named[:100]}" if named else f"address {request.remote_addr}"
