"""Looks up what platforms stated about a month, and what was claimed and paid of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select, union
from sqlalchemy.orm import Session

from portal.domain.claims import ClaimStatus
from portal.domain.periods import Month
from portal.domain.platform_months import ClaimedMonth, Stated
from portal.models.claims import Claim, ClaimPart
from portal.models.programmes import Programme
from portal.models.settlements import Delivery
from portal.models.statements import PlatformStatement
from portal.queries.claims import COUNTED


def periods(session: Session, organisation_id: int) -> list[Month]:
    """The months of which there are lines or statements, newest first."""
    stored = select(Delivery.period).where(Delivery.organisation_id == organisation_id, Delivery.accepted > 0)
    stated = select(PlatformStatement.period).where(PlatformStatement.organisation_id == organisation_id)
    return sorted(session.scalars(union(stored, stated)), reverse=True)


def deliveries(session: Session, organisation_id: int, period: Month) -> Sequence[Delivery]:
    """The deliveries of a month from which lines were stored, in order of receipt."""
    return session.scalars(
        select(Delivery)
        .where(Delivery.organisation_id == organisation_id, Delivery.period == period, Delivery.accepted > 0)
        .order_by(Delivery.id)
    ).all()


def stated(session: Session, organisation_id: int, period: Month) -> dict[str, Stated]:
    """Platform -> what it stated last."""
    rows = session.scalars(
        select(PlatformStatement)
        .where(PlatformStatement.organisation_id == organisation_id, PlatformStatement.period == period)
        .order_by(PlatformStatement.id)
    )
    return {row.platform: Stated(row.totals, row.source, row.stated_at) for row in rows}


def claimed(session: Session, organisation_id: int, period: Month) -> dict[str, ClaimedMonth]:
    """Platform -> won of the organisation's claims of the month that rest on its lines, over all its programmes; what a
    platform invoiced for services in kind does not.
    """
    paid = case((Claim.status == ClaimStatus.PAID, ClaimPart.amount), else_=0)
    rows = session.execute(
        select(ClaimPart.platform, func.sum(ClaimPart.amount), func.sum(paid))
        .join(Claim, Claim.id == ClaimPart.claim_id)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(
            Programme.organisation_id == organisation_id,
            Claim.period == period,
            Claim.status.in_(COUNTED),
            Claim.invoice_id.is_(None),
        )
        .group_by(ClaimPart.platform)
    )
    return {platform: ClaimedMonth(int(won), int(done)) for platform, won, done in rows}
