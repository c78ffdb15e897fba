"""Looks up the officials of an organisation with their roles and open sessions, for its administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import OF_PEOPLE, Actor, Role, roles_clashing
from portal.domain.errors import NotFound
from portal.models.accounts import LoginSession, User
from portal.queries import accounts


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account: the roles it holds now, how many browsers are signed in, and when it was last in use."""

    user: User
    roles: Sequence[Role]
    sessions: int
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class RolesPage:
    """One official with the roles of this account, those of the person's other accounts, and those still free to give.

    `clashing`: roles that must stay apart from one held; they are not offered.
    """

    user: User
    roles: Sequence[Role]
    elsewhere: Sequence[Role]
    free: Sequence[Role]
    clashing: Sequence[Role]


def roles_page(session: Session, by: Actor, user_id: int) -> RolesPage:
    """Raises NotFound for another organisation's account; nothing is free to give to a closed one or a platform's."""
    user = session.get(User, user_id)
    if user is None or user.organisation_id is None or user.organisation_id != by.organisation_id:
        raise NotFound(f"account {user_id}")
    here = {grant.role for grant in user.grants if grant.revoked_at is None}
    held = accounts.roles_of_person(session, user.person_id)
    given = [role for role in OF_PEOPLE if role not in (Role.MERCHANT, Role.PLATFORM) and role not in here]
    clashing = [role for role in given if roles_clashing(held | {role})]
    free = [role for role in given if role not in clashing] if user.active and not user.platform else []
    return RolesPage(user, sorted(here), sorted(held - here), free, clashing)


def rows(session: Session, by: Actor, *, idle_since: datetime) -> list[AccountRow]:
    """The organisation's accounts by login. Raises NotFound for somebody of no organisation."""
    if by.organisation_id is None:
        raise NotFound("accounts of no organisation")
    users = session.scalars(select(User).where(User.organisation_id == by.organisation_id).order_by(User.login)).all()
    living = LoginSession.ended_at.is_(None) & (LoginSession.last_seen_at >= idle_since)
    counted = session.execute(
        select(LoginSession.user_id, func.count().filter(living), func.max(LoginSession.last_seen_at))
        .where(LoginSession.user_id.in_([user.id for user in users]))
        .group_by(LoginSession.user_id)
    )
    seen = {user_id: (count, last) for user_id, count, last in counted}
    return [
        AccountRow(
            user, sorted(grant.role for grant in user.grants if grant.revoked_at is None), *seen.get(user.id, (0, None))
        )
        for user in users
    ]
