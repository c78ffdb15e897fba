"""The invariants of who may do what: what the services refuse at the door, looked for in what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import roles_clashing
from portal.models.accounts import RoleGrant, User


def roles_apart(session: Session) -> Iterator[str]:
    """I10: no person holds roles that must stay apart, over all of their accounts."""
    held: dict[int, set[str]] = defaultdict(set)
    rows = session.execute(
        select(User.person_id, RoleGrant.role)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.revoked_at.is_(None))
        .order_by(User.person_id)
    )
    for person_id, role in rows:
        held[person_id].add(role)
    for person_id, roles in held.items():
        for pair in roles_clashing(roles):
            yield f"person {person_id} holds {' and '.join(sorted(pair))}"
