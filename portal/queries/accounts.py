"""Looks up accounts, organisations and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, ActsFor, Role
from portal.domain.errors import NotFound
from portal.models.accounts import LoginAttempt, LoginSession, Organisation, Person, RoleGrant, User


def nobody_yet(session: Session) -> bool:
    """Whether this is a new portal, without a single organisation."""
    return session.scalar(select(Organisation.id).limit(1)) is None


def by_login(session: Session, login: str) -> User | None:
    return session.scalar(select(User).where(User.login == login.strip().lower()))


def actor_of(user: User, acts_for: ActsFor | None = None) -> Actor:
    """The actor that this account stands for now, with the roles not taken away."""
    return Actor(
        user_id=user.id,
        person_id=user.person_id,
        name=user.person.name,
        roles=frozenset(grant.role for grant in user.grants if grant.revoked_at is None),
        organisation_id=user.organisation_id,
        platform=user.platform or "",
        acts_for=acts_for,
    )


def actor(session: Session, login: str) -> Actor:
    """For commands that act as a named account. Raises NotFound."""
    user = by_login(session, login)
    if user is None or not user.active:
        raise NotFound(login)
    return actor_of(user)


def organisation(session: Session, code: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None:
        raise NotFound(code)
    return found


def office_of(session: Session, by: Actor) -> Organisation:
    """The organisation an official works for."""
    return session.get_one(Organisation, by.organisation_id)


def living_session(session: Session, token_hash: str, *, idle_since: datetime) -> LoginSession | None:
    """The session of this token if it was neither ended nor idle since before `idle_since`."""
    return session.scalar(select(LoginSession).where(*_living(token_hash, idle_since)))


def living_with(session: Session, token_hash: str, *columns: ColumnElement[Any], idle_since: datetime) -> Any:
    """The same, and what else is to be known of its person, as one row: it is asked at every request. None without."""
    query = select(LoginSession, *columns).where(*_living(token_hash, idle_since))
    return session.execute(query).first()


def _living(token_hash: str, idle_since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        LoginSession.token_hash == token_hash,
        LoginSession.ended_at.is_(None),
        LoginSession.last_seen_at >= idle_since,
    )


def failures_since(session: Session, login_key: str, since: datetime) -> int:
    """Failed attempts after the last success, within the window."""
    last_success = select(func.max(LoginAttempt.id)).where(LoginAttempt.login_key == login_key, LoginAttempt.succeeded)
    count = session.scalar(
        select(func.count()).where(
            LoginAttempt.login_key == login_key,
            ~LoginAttempt.succeeded,
            LoginAttempt.at >= since,
            LoginAttempt.id > func.coalesce(last_success.scalar_subquery(), 0),
        )
    )
    return count or 0


def officials(session: Session, organisation_id: int | None = None) -> Sequence[User]:
    """The officials of one organisation, or of all, and the platforms' people there, by organisation and login."""
    query = select(User).where(User.organisation_id.is_not(None)).order_by(User.organisation_id, User.login)
    if organisation_id is not None:
        query = query.where(User.organisation_id == organisation_id)
    return session.scalars(query).all()


def has_administrator(session: Session, organisation_id: int) -> bool:
    """Whether anybody can open accounts for this organisation."""
    query = (
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.organisation_id == organisation_id, User.active)
        .where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.revoked_at.is_(None))
    )
    return session.scalar(query.limit(1)) is not None


def name_of(session: Session, user_id: int) -> str:
    """What the person behind an account is called."""
    return session.scalars(select(Person.name).join(User, User.person_id == Person.id).where(User.id == user_id)).one()


def person_of(session: Session, user_id: int | None) -> int | None:
    """The person behind an account."""
    return session.scalar(select(User.person_id).where(User.id == user_id))


def roles_of_person(session: Session, person_id: int) -> frozenset[Role]:
    """All roles a person holds over all of their accounts: incompatibility is a matter of persons."""
    rows = session.scalars(
        select(RoleGrant.role)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.person_id == person_id, RoleGrant.revoked_at.is_(None))
    )
    return frozenset(rows)
