"""Looks up what platforms state about their months."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.periods import Month
from portal.models.statements import PlatformStatement


def newest(session: Session, by: Actor, platform: str, period: Month) -> PlatformStatement:
    """The last statement of a platform about a month, to the actor's organisation. Raises NotFound."""
    found = session.scalar(
        select(PlatformStatement)
        .where(
            PlatformStatement.organisation_id == by.organisation_id,
            PlatformStatement.platform == platform,
            PlatformStatement.period == period,
        )
        .order_by(PlatformStatement.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(f"statement of {period}")
    return found


def periods(session: Session, by: Actor, platform: str) -> Sequence[Month]:
    """The months that a platform stated anything about, to the actor's organisation, newest first."""
    mine = (PlatformStatement.organisation_id == by.organisation_id, PlatformStatement.platform == platform)
    query = select(PlatformStatement.period).where(*mine).distinct().order_by(PlatformStatement.period.desc())
    return session.scalars(query).all()
