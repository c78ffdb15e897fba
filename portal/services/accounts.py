"""Opening accounts, giving and taking roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts import MIN_PASSWORD, PasswordChange, SignUp
from portal.domain.actors import INCOMPATIBLE, Actor, Permission, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, Problem
from portal.models.accounts import LoginSession, Organisation, Person, RoleGrant, User
from portal.queries import accounts
from portal.services import passwords, steps


def sign_up(session: Session, command: SignUp, *, at: datetime) -> User:
    """A merchant opens an account. Raises AlreadyDone for a known login, Incomplete for a weak password."""
    return open_account(
        session, login=command.login, name=command.name, password=command.password, roles=[Role.MERCHANT], at=at
    )


def open_account(
    session: Session,
    *,
    login: str,
    name: str,
    password: str,
    roles: Iterable[Role],
    at: datetime,
    organisation: Organisation | None = None,
    title: str = "",
    person: Person | None = None,
) -> User:
    """Opens an account for a person (a new one unless given) and gives the roles."""
    login = login.strip().lower()
    if accounts.by_login(session, login) is not None:
        raise AlreadyDone(problems=[Problem("login_taken", "login", login)])
    if len(password) < MIN_PASSWORD:
        raise Incomplete(problems=[Problem("password_too_short", "password")])
    if person is None:
        person = Person(name=name)
        session.add(person)
        session.flush()
    user = User(
        person_id=person.id,
        organisation_id=organisation.id if organisation else None,
        login=login,
        password_hash=passwords.hash_of(password),
        title=title,
        created_at=at,
    )
    session.add(user)
    session.flush()
    for role in roles:
        grant(session, user, role, at=at)
    session.refresh(user)
    return user


def grant(session: Session, user: User, role: Role, *, at: datetime, by: Actor | None = None) -> None:
    """Gives a role. Raises NotPermitted where the person already holds one that must stay apart from it."""
    held = accounts.roles_of_person(session, user.person_id) | {role}
    for pair in INCOMPATIBLE:
        if pair <= held:
            raise NotPermitted(f"roles that must stay apart: {', '.join(sorted(pair))}")
    session.add(RoleGrant(user_id=user.id, role=role, granted_at=at, granted_by=by.user_id if by else None))
    session.flush()


def change_password(session: Session, command: PasswordChange, *, by: Actor, at: datetime) -> None:
    """Sets a new password and ends every session of the account. Raises Incomplete."""
    user = session.get_one(User, by.user_id)
    if not passwords.verify(user.password_hash, command.current):
        raise Incomplete(problems=[Problem("password_wrong", "current")])
    if len(command.new) < MIN_PASSWORD:
        raise Incomplete(problems=[Problem("password_too_short", "new")])
    user.password_hash = passwords.hash_of(command.new)
    end_sessions(session, user.id, by=by, at=at)


def end_sessions(session: Session, user_id: int, *, by: Actor, at: datetime) -> None:
    """Signs an account out everywhere: the person themselves, or an administrator of the organisation."""
    user = session.get(User, user_id)
    mine = by.user_id == user_id
    if user is None or not (mine or (by.is_official and user.organisation_id == by.organisation_id)):
        raise NotFound(f"account {user_id}")
    if not (mine or by.may(Permission.ACCOUNT_MANAGE)):
        raise NotPermitted("account: end_sessions needs an administrator")
    living = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    for found in session.scalars(living):
        found.ended_at = at
    steps.write(session, "account", user_id, "end_sessions", by=by, at=at)
