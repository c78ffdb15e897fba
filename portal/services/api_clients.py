"""Opening, renewing and ending API clients of partner platforms, and giving them short-lived tokens.

Secrets and tokens are kept as SHA-256: each is 256 random bits, which nobody can guess however fast the hash is. A
slow hash such as Argon2 protects what people think up; here it would only cost the server a core for each token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.api_clients import LONGEST, MAX_NAME, OVERLAP, TOKEN_LIFETIME, RegisterClient, Scope, joined, split
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.periods import day_bounds, korean_date
from portal.domain.permissions import Permission
from portal.models.accounts import Organisation, Person, User
from portal.models.api_clients import ApiClient, ApiSecret, ApiToken
from portal.queries import api_clients
from portal.services import practice, steps

_NO_PASSWORD = "-"  # noqa: S105 (not a hash, so no password matches it)


@dataclass(frozen=True, slots=True)
class Issued:
    """What is shown once and never again: the secret, and for a new client the key of its signatures."""

    client: ApiClient
    secret: str = field(repr=False)
    signing_key: str = field(default="", repr=False)


def register(session: Session, command: RegisterClient, *, by: Actor, at: datetime) -> Issued:
    """An administrator opens a client for a platform. Raises Incomplete with every mistake."""
    _check_administers(by)
    _check(command, at)
    organisation = session.get_one(Organisation, by.organisation_id)
    data_of = practice.twin_of(session, organisation) if command.sandbox else organisation
    public_id, signing_key = f"ieum-{secrets.token_hex(8)}", secrets.token_urlsafe(32)
    client = ApiClient(
        organisation_id=organisation.id,
        data_organisation_id=data_of.id,
        account_id=_account(session, public_id, command, at).id,
        public_id=public_id,
        platform=command.platform,
        name=command.name.strip(),
        scopes=joined(command.scopes),
        signed=command.signed,
        signing_key=signing_key,
        registered_at=at,
        expires_at=day_bounds(command.expires_on)[1],
    )
    session.add(client)
    session.flush()
    secret = _new_secret(session, client, at)
    if client.sandbox:
        practice.furnish(session, client, at=at)
    details = {"platform": client.platform, "scopes": client.scopes, "sandbox": client.sandbox}
    steps.write(session, "api_client", client.id, "register", by=by, at=at, note=client.name, details=details)
    return Issued(client, secret, signing_key)


def rotate(session: Session, client_id: int, *, by: Actor, at: datetime) -> Issued:
    """A new secret; the old ones work for OVERLAP longer, so that the platform can change over at its own hour."""
    client = _living(session, client_id, by, at)
    for old in client.secrets:
        old.expires_at = min(old.expires_at, at + OVERLAP)
    secret = _new_secret(session, client, at)
    steps.write(session, "api_client", client.id, "rotate", by=by, at=at)
    return Issued(client, secret)


def revoke(session: Session, client_id: int, *, by: Actor, at: datetime) -> ApiClient:
    """Ends a client: its secrets and tokens are worth nothing from this moment on."""
    client = _living(session, client_id, by, at)
    client.revoked_at = at
    session.execute(update(ApiToken).where(ApiToken.api_client_id == client.id).values(expires_at=at))
    steps.write(session, "api_client", client.id, "revoke", by=by, at=at)
    return client


def knows(client: ApiClient, secret: str, *, at: datetime) -> bool:
    """Whether the secret is one of the client's that work at this moment, and the client works too."""
    given = hash_of(secret)
    living = [each.secret_hash for each in client.secrets if at < each.expires_at]
    return (
        any(hmac.compare_digest(given, known) for known in living)
        and client.revoked_at is None
        and at < client.expires_at
    )


def issue_token(session: Session, client: ApiClient, token: str, scope: str, *, at: datetime) -> ApiToken:
    """Keeps a token by its hash, and throws away what has run out. `scope` is what was asked for, or "" for all."""
    expired = (ApiToken.api_client_id == client.id, ApiToken.expires_at <= at)
    session.execute(delete(ApiToken).where(*expired))
    issued = ApiToken(
        api_client_id=client.id,
        token_hash=hash_of(token),
        scopes=joined(split(scope) & split(client.scopes)) or client.scopes,
        issued_at=at,
        expires_at=min(at + TOKEN_LIFETIME, client.expires_at),
    )
    session.add(issued)
    session.flush()
    return issued


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _check(command: RegisterClient, at: datetime) -> None:
    today, name = korean_date(at), command.name.strip()
    wrong = []
    if command.platform not in data.platform_catalogue():
        wrong.append(Problem("unknown_choice", "platform", command.platform))
    if not name:
        wrong.append(Problem("required", "name"))
    if len(name) > MAX_NAME:
        wrong.append(Problem("too_long", "name"))
    if not command.scopes or not command.scopes <= frozenset(Scope):
        wrong.append(Problem("required", "scopes"))
    if not today <= command.expires_on <= today + LONGEST:
        wrong.append(Problem("client_expiry", "expires_on", str(LONGEST.days)))
    if wrong:
        raise Incomplete(problems=wrong)


def _check_administers(by: Actor) -> None:
    if by.organisation_id is None or not by.may(Permission.CLIENT_MANAGE):
        raise NotPermitted(Permission.CLIENT_MANAGE)


def _living(session: Session, client_id: int, by: Actor, at: datetime) -> ApiClient:
    _check_administers(by)
    client = api_clients.one(session, client_id, by)
    if client.revoked_at is not None or client.expires_at <= at:
        raise AlreadyDone(f"API client {client_id} has ended")
    return client


def _new_secret(session: Session, client: ApiClient, at: datetime) -> str:
    secret = f"ieums_{secrets.token_urlsafe(32)}"
    kept = ApiSecret(
        api_client_id=client.id,
        secret_hash=hash_of(secret),
        hint=secret[-4:],
        made_at=at,
        expires_at=client.expires_at,
    )
    session.add(kept)
    session.flush()
    session.expire(client, ["secrets"])
    return secret


def _account(session: Session, public_id: str, command: RegisterClient, at: datetime) -> User:
    """The account the client acts through: closed, without a password or a role, so that nobody can sign in to it."""
    name = data.platform_catalogue()[command.platform].name
    person = Person(name=f"{name} API")
    session.add(person)
    session.flush()
    account = User(
        person_id=person.id,
        login=f"{public_id}@api.invalid",
        password_hash=_NO_PASSWORD,
        active=False,
        created_at=at,
    )
    session.add(account)
    session.flush()
    return account
