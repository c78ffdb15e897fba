"""Signing in and out: throttled, with sessions that live in the database and can be ended there."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.accounts import SignIn
from portal.domain.actors import Actor
from portal.models.accounts import LoginAttempt, LoginSession, User
from portal.queries import accounts
from portal.services import passwords

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
# Verified when the login is unknown, so that the answer takes as long as for a known one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$1JSXKOcWl7kbvQ7qgWnWDz0TqE0iHQjvXw8dJbB8f3o"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended: a token for the cookie, or the code of the refusal."""

    token: str | None = None
    actor: Actor | None = None
    refusal: str = ""


def sign_in(session: Session, command: SignIn, *, at: datetime) -> Attempt:
    """Tries to sign in. A refusal is an answer, not an exception: the attempt itself must be committed."""
    login_key = command.login.strip().lower()[:200]
    if accounts.failures_since(session, login_key, at - LOCK) >= MAX_FAILURES:
        return Attempt(refusal="too_many_attempts")
    user = accounts.by_login(session, login_key)
    known = passwords.verify(user.password_hash if user else _NOBODY, command.password)
    succeeded = bool(user and known and user.active)
    session.add(LoginAttempt(login_key=login_key, at=at, succeeded=succeeded))
    if not succeeded or user is None:
        return Attempt(refusal="login_or_password_wrong")
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=hash_of(token), user_id=user.id, created_at=at, last_seen_at=at))
    return Attempt(token=token, actor=accounts.actor_of(user))


def sign_out(session: Session, token: str, *, at: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == hash_of(token), LoginSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def touch(session: Session, session_id: int, *, at: datetime) -> None:
    """Notes that the session is in use, so that it does not run idle."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=at))


def act_by(session: Session, token: str, mandate_id: int | None) -> None:
    """From now on this browser acts by a mandate, or for itself again."""
    session.execute(update(LoginSession).where(LoginSession.token_hash == hash_of(token)).values(mandate_id=mandate_id))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def user_of(found: LoginSession) -> User | None:
    """The account of a living session, unless it was closed meanwhile."""
    return found.user if found.user.active else None
