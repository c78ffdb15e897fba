"""Who is asking, and whether the route's row lets them in."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user

from portal.clock import now
from portal.config import Settings
from portal.domain.actors import Actor
from portal.domain.errors import NotPermitted, NotSignedIn
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.models.base import begin_for_reading, db, transaction_apart
from portal.queries import accounts, contacts, mandates, notifications
from portal.services import sessions
from portal.web import bearer
from portal.web.routing import Door, table_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TOUCH_AFTER = timedelta(minutes=1)
_AT_LONGEST = timedelta(hours=12)  # however busy: a working day, after which one signs in again


class SignedIn(UserMixin):
    """What Flask-Login keeps: the session's token (its id in the cookie) and the actor behind it.

    `unread`: lines of their inbox; `unreachable`: an address of theirs is bad, which every page says.
    """

    def __init__(self, token: str, actor: Actor, unread: int = 0, unreachable: bool = False) -> None:
        self.token = token
        self.actor = actor
        self.unread = unread
        self.unreachable = unreachable

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    """Adds the doorkeeper: it runs before everything else, for every request."""
    manager = LoginManager(app)
    # Sessions live in the database: an address change does not end them. Flask-Login declares only its default here.
    manager.session_protection = None  # ty: ignore[invalid-assignment]
    manager.user_loader(_load)
    app.before_request(_guard)


def actor() -> Actor:
    """The signed-in person. Raises NotSignedIn."""
    found = actor_or_none()
    if found is None:
        raise NotSignedIn
    return found


def actor_or_none() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def token() -> str:
    """The session's token of the signed-in person. Raises NotSignedIn."""
    actor()
    return current_user.token


def unread() -> int:
    """How many lines of their inbox the signed-in person has not read."""
    return current_user.unread if current_user.is_authenticated else 0


def unreachable() -> bool:
    """Whether what is sent to the signed-in person does not arrive."""
    return current_user.unreachable if current_user.is_authenticated else False


def idle_since(at: datetime) -> datetime:
    """A session not used since then has ended by itself."""
    settings: Settings = current_app.config["SETTINGS"]
    return at - timedelta(minutes=settings.idle_minutes)


def _load(token: str) -> SignedIn | None:
    at = now()
    asked = (notifications.unread_of_session(), contacts.unreachable_of_session(), mandates.name_of_session())
    row = accounts.living_with(db.session(), sessions.hash_of(token), *asked, idle_since=idle_since(at))
    if row is None:
        return None
    found, unread, unreachable, acts_for = row
    if at - found.created_at > _AT_LONGEST or (user := sessions.user_of(found)) is None:
        return None
    if at - found.last_seen_at > _TOUCH_AFTER:
        g.touch_session = found.id
    standing = mandates.acts_for(found.mandate, acts_for, korean_date(at))
    return SignedIn(token, accounts.actor_of(user, standing), unread, bool(unreachable))


def _guard() -> None:
    if request.endpoint == "static":
        return
    if request.mimetype == "application/x-www-form-urlencoded":  # read whole into memory: it carries text alone
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    route = table_of(current_app).get(request.endpoint or "")
    if route is None:
        return  # no such page: the answer is "not found", whoever asks
    if request.blueprint == bearer.AUDIENCE:
        if request.method in SAFE:
            begin_for_reading()
        bearer.check(route)
        return
    begin_for_reading()
    visitor = actor_or_none()
    if request.method not in SAFE:
        # What is sent may take a while to arrive, and nobody else shall wait for it: writing begins after that.
        db.session.rollback()
    if "touch_session" in g:
        with transaction_apart() as aside:
            sessions.touch(aside, g.touch_session, at=now())
    if route.permission is Door.PUBLIC:
        return
    if visitor is None:
        raise NotSignedIn
    if not isinstance(route.permission, Permission) or not visitor.may(route.permission):
        raise NotPermitted(route.permission)
