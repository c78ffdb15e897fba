"""Sets amount bands as an administrator and a manager do, for tests of who may approve what."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.approvals import Matter, ProposeBand
from portal.models.accounts import User
from portal.models.approvals import ApprovalBand
from portal.services import approval_bands
from tests.factories import AT, actor, make_official


def band(
    session: Session,
    matter: Matter,
    up_to: int | None,
    whose: User | str,
    *,
    since: date = date(2026, 1, 1),
    until: date | None = None,
) -> ApprovalBand:
    """A band in force for one account, or for all of a title."""
    title, account = (whose, None) if isinstance(whose, str) else ("", whose.id)
    command = ProposeBand(matter, up_to, title, account, since, until)
    administrator, manager = (actor(make_official(session, role)) for role in (Role.ADMINISTRATOR, Role.MANAGER))
    proposed = approval_bands.propose(session, command, by=administrator, at=AT)
    return approval_bands.confirm(session, proposed.id, by=manager, at=AT)
