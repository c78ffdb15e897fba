"""OAuth2 client credentials (RFC 6749, 4.4) by Authlib, with secrets that are compared as hashes."""

from __future__ import annotations

import secrets
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from flask import Flask, current_app, request

from portal.clock import now
from portal.domain.api_clients import TOKEN_LIFETIME, Scope, joined, split
from portal.models.base import db
from portal.queries import api_clients
from portal.services import api_clients as services

GRANT = ClientCredentialsGrant.GRANT_TYPE


class _Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]  # noqa: RUF012 (Authlib's declaration)


class _Client(ClientMixin):
    """A client as Authlib asks about it; an unknown one is asked the same questions and knows no secret."""

    def __init__(self, client_id: str) -> None:
        named = client_id.isascii() and client_id.isprintable()  # a database refuses some other letters
        self.record = api_clients.by_public_id(db.session(), client_id) if named else None

    def check_client_secret(self, client_secret: str) -> bool:
        return self.record is not None and services.knows(self.record, client_secret, at=now())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in _Grant.TOKEN_ENDPOINT_AUTH_METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What was asked for, all if nothing; None, which Authlib refuses, where it is more than the client has."""
        held = split(self.record.scopes) if self.record else frozenset()
        asked = set((scope or "").split())
        return (scope or joined(held)) if asked <= {each.value for each in held} else None


class _Request(OAuth2Request):
    """The request; Authlib refuses http, which a production portal never serves and a demo on loopback does."""

    def __init__(self) -> None:
        url = request.url
        if current_app.config["SETTINGS"].demo:
            url = url.replace("http://", "https://", 1)
        headers = dict(request.headers)
        given = request.authorization
        if given is None or not given.username:  # Werkzeug finds no name in it; Authlib would stumble over it
            headers.pop("Authorization", None)
        super().__init__(request.method, url, headers=headers)
        self.payload = FlaskOAuth2Payload(request)

    @property
    def form(self) -> Any:
        return request.form


class _Server(AuthorizationServer):
    def create_oauth2_request(self, request: Any) -> _Request:
        return _Request()


def install(app: Flask) -> None:
    """Puts the authorization server among the application's extensions."""
    app.config["OAUTH2_SCOPES_SUPPORTED"] = [scope.value for scope in Scope]
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {GRANT: int(TOKEN_LIFETIME.total_seconds())}
    app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = _new_token
    server = _Server(app, _Client, _keep)
    server.register_grant(_Grant)
    app.extensions["ieum_oauth"] = server


def _new_token(**_about: Any) -> str:
    return f"ieumt_{secrets.token_urlsafe(32)}"


def _keep(token: dict[str, Any], asked: OAuth2Request) -> None:
    client: Any = asked.client
    issued = services.issue_token(db.session(), client.record, token["access_token"], token.get("scope", ""), at=now())
    token["expires_in"] = int((issued.expires_at - issued.issued_at).total_seconds())
