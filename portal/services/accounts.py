"""Founding organisations, opening and closing accounts, giving and taking roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import data
from portal.domain import codes
from portal.domain.accounts import MIN_PASSWORD, FoundOrganisation, Level, OpenAccount, PasswordChange, SignUp
from portal.domain.actors import OF_PEOPLE, Actor, Role, roles_clashing
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, Problem
from portal.domain.permissions import Permission
from portal.models.accounts import LoginSession, Organisation, Person, RoleGrant, User
from portal.queries import accounts, audit
from portal.services import passwords, steps


def found_organisation(session: Session, command: FoundOrganisation) -> Organisation:
    """Founds a body nobody works for yet. Raises AlreadyDone for a known code, Incomplete with every empty field.

    Who founded it is recorded with its first administrator: before that account there is nobody to name.
    """
    entered = {name: str(value).strip() for name, value in asdict(command).items()}
    optional = {"region_code"} if command.level == Level.MINISTRY else set()
    problems = [Problem("required", name) for name, value in entered.items() if not value and name not in optional]
    if entered["region_code"] and codes.region_of(data.regions(), entered["region_code"]) is None:
        problems.append(Problem("unknown_choice", "region_code", entered["region_code"]))
    if problems:
        raise Incomplete(problems=problems)
    if session.scalar(select(Organisation.id).where(Organisation.code == entered["code"])) is not None:
        raise AlreadyDone(f"organisation {entered['code']} was founded before")
    organisation = Organisation(**entered | {"level": command.level})
    session.add(organisation)
    session.flush()
    return organisation


def open_official(session: Session, command: OpenAccount, *, at: datetime, by: Actor | None = None) -> User:
    """An administrator opens an account of an official, or of a platform's person at the organisation.

    Raises NotPermitted, NotFound, AlreadyDone or Incomplete.

    Without `by` only where the organisation has no administrator: the account opened is one, and acted itself.
    """
    organisation = accounts.organisation(session, command.organisation)
    if by is not None:
        _check_administers(by, organisation.id, f"organisation {organisation.code}")
    elif Role.ADMINISTRATOR not in command.roles:
        raise NotPermitted("the first account of an organisation is an administrator's; others are opened by one")
    elif accounts.has_administrator(session, organisation.id):
        raise NotPermitted(f"organisation {organisation.code} has an administrator, who opens accounts")
    if Role.MERCHANT in command.roles or not command.roles:
        raise Incomplete(problems=[Problem("unknown_choice", "roles", ", ".join(command.roles))])
    if command.platform and command.platform not in data.platform_catalogue():
        raise Incomplete(problems=[Problem("unknown_choice", "platform", command.platform)])
    known = _known(session, command.same_person_as) if command.same_person_as else None
    user = open_account(
        session,
        login=command.login,
        name=command.name,
        password=command.password,
        roles=command.roles,
        organisation=organisation,
        title=command.title.strip(),
        platform=command.platform,
        person=known.person if known else None,
        at=at,
    )
    acting = by or accounts.actor_of(user)
    if by is None and not audit.done_by(session, "organisation", organisation.id):
        steps.write(session, "organisation", organisation.id, "found", by=acting, at=at)
    details = {"roles": sorted(command.roles)} | ({"platform": command.platform} if command.platform else {})
    steps.write(session, "account", user.id, "open", by=acting, at=at, details=details)
    return user


def sign_up(session: Session, command: SignUp, *, at: datetime) -> User:
    """A merchant opens an account. Raises AlreadyDone for a known login, Incomplete for a weak password."""
    return open_account(
        session, login=command.login, name=command.name, password=command.password, roles=[Role.MERCHANT], at=at
    )


def rename_unclaimed(session: Session, user: User, name: str, *, by: Actor, at: datetime) -> None:
    """Whose account it is that an official or an association opened, and nobody has taken over yet."""
    if user.active or user.person.name == name.strip():
        return
    user.person.name = name.strip()
    steps.write(session, "account", user.id, "rename", by=by, at=at)


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
    platform: str = "",
    person: Person | None = None,
) -> User:
    """Opens an account for a person (a new one unless given) and gives the roles."""
    login, name = login.strip().lower(), name.strip()
    empty = [Problem("required", field) for field, value in (("login", login), ("name", name)) if not value]
    if empty:
        raise Incomplete(problems=empty)
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
        platform=platform or None,
        created_at=at,
    )
    session.add(user)
    session.flush()
    for role in roles:
        _add_role(session, user, role, at=at)
    session.refresh(user)
    return user


def grant(session: Session, login: str, role: Role, *, by: Actor, at: datetime) -> None:
    """Gives an official a role. Raises NotPermitted where the person holds one that must stay apart from it."""
    user = _administered(session, login, by)
    if role == Role.MERCHANT or not user.active:
        raise NotPermitted(f"{login} is closed, or {role} is no role of officials")
    if _living(user, role) is not None:
        raise AlreadyDone(f"{login} holds {role}")
    _add_role(session, user, role, at=at, by=by)
    steps.write(session, "account", user.id, "grant", by=by, at=at, details={"role": role})


def revoke(session: Session, login: str, role: Role, *, by: Actor, at: datetime) -> None:
    """Takes a role away; the row that gave it stays. Raises NotFound where the account does not hold it."""
    user = _administered(session, login, by)
    found = _living(user, role)
    if found is None:
        raise NotFound(f"{login} does not hold {role}")
    found.revoked_at = at
    steps.write(session, "account", user.id, "revoke", by=by, at=at, details={"role": role})


def close(session: Session, login: str, *, by: Actor, at: datetime) -> None:
    """Closes an official's account: signed out everywhere, without roles, never signed in again."""
    user = _administered(session, login, by)
    if not user.active:
        raise AlreadyDone(f"{login} is closed")
    user.active = False
    for each in user.grants:
        each.revoked_at = each.revoked_at or at
    _end_sessions(session, user.id, at=at)
    steps.write(session, "account", user.id, "close", by=by, at=at)


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
    if user is None:
        raise NotFound(f"account {user_id}")
    if by.user_id != user_id:
        _check_administers(by, user.organisation_id, f"account {user_id}")
    _end_sessions(session, user_id, at=at)
    steps.write(session, "account", user_id, "end_sessions", by=by, at=at)


def _end_sessions(session: Session, user_id: int, *, at: datetime) -> None:
    living = (LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    session.execute(update(LoginSession).where(*living).values(ended_at=at))


def _add_role(session: Session, user: User, role: Role, *, at: datetime, by: Actor | None = None) -> None:
    if role not in OF_PEOPLE:
        raise NotPermitted(f"{role} is no role of people")
    if (role is Role.PLATFORM) != (user.platform is not None):
        raise NotPermitted(f"the role of an account with a platform, and of none without one, is {Role.PLATFORM}")
    # Two roles given at once to one person wait for each other here.
    session.execute(select(Person.id).where(Person.id == user.person_id).with_for_update())
    held = accounts.roles_of_person(session, user.person_id) | {role}
    if clashing := roles_clashing(held):
        said = ", ".join(sorted(clashing[0]))
        raise NotPermitted(f"roles that must stay apart: {said}", [Problem("roles_clash", "role", said)])
    session.add(RoleGrant(user=user, role=role, granted_at=at, granted_by=by.user_id if by else None))
    session.flush()


def _administered(session: Session, login: str, by: Actor) -> User:
    user = _known(session, login)
    _check_administers(by, user.organisation_id, login)
    return user


def _known(session: Session, login: str) -> User:
    user = accounts.by_login(session, login)
    if user is None:
        raise NotFound(login)
    return user


def _check_administers(by: Actor, organisation_id: int | None, what: str) -> None:
    """Another organisation's accounts, and merchants', do not exist for an official."""
    if organisation_id is None or by.organisation_id != organisation_id:
        raise NotFound(what)
    if not by.may(Permission.ACCOUNT_MANAGE):
        raise NotPermitted("accounts are an administrator's affair")


def _living(user: User, role: Role) -> RoleGrant | None:
    return next((each for each in user.grants if each.role == role and each.revoked_at is None), None)
