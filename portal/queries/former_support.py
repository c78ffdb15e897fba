"""What a business place was granted before, and in which programmes that exclude each other it takes part."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.applications import DEAD, ApplicationStatus
from portal.domain.former_support import ExclusiveRule
from portal.domain.periods import korean_date
from portal.models.applications import Application, Decision
from portal.models.programmes import Programme
from portal.queries import programmes


def granted(session: Session, merchant_id: int) -> dict[str, date]:
    """Programme -> day of its last grant, of every organisation of the portal."""
    rows = session.execute(
        select(Programme.code, Decision.decided_at)
        .join(Application, Application.id == Decision.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Application.merchant_id == merchant_id, Decision.outcome == "approve")
        .order_by(Decision.decided_at)
    )
    return {code: korean_date(at) for code, at in rows if at is not None}


def taking_part(session: Session, programme_id: int, merchant_id: int) -> dict[str, frozenset[str]]:
    """Exclusive group -> names of the other programmes of it in which this place handed in and is not turned down.

    A programme names its groups in the version that was applied under.
    """
    found: dict[str, set[str]] = defaultdict(set)
    others = select(Application).where(
        Application.merchant_id == merchant_id,
        Application.programme_id != programme_id,
        Application.status.not_in((ApplicationStatus.DRAFT, *DEAD)),
    )
    for application in session.scalars(others):
        published = programmes.read(application.version)
        for criterion in published.announcement.eligibility:
            if isinstance(criterion.rule, ExclusiveRule):
                found[criterion.rule.group].add(published.programme.name)
    return {group: frozenset(names) for group, names in found.items()}


def own_delivery(session: Session, merchant_id: int, organisation_id: int) -> int:
    """Won that an own delivery of this place counts for, by the track of its grant; 0 where no programme says so.

    Of several programmes the one that takes an order first decides.
    """
    mine = (
        select(Application)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Application.merchant_id == merchant_id,
            Application.status == ApplicationStatus.APPROVED,
            Programme.organisation_id == organisation_id,
        )
    )
    told = [
        (published.terms.precedence, track.own_delivery)
        for application in session.scalars(mine)
        for published in (programmes.read(application.version),)
        for track in published.announcement.tracks
        if track.code == application.track and track.own_delivery
    ]
    return min(told)[1] if told else 0
