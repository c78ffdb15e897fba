"""Looks up the officials of an organisation with their roles and open sessions, for its administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import NotFound
from portal.models.accounts import LoginSession, User


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account: the roles it holds now, how many browsers are signed in, and when it was last in use."""

    user: User
    roles: Sequence[Role]
    sessions: int
    last_seen: datetime | None


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
