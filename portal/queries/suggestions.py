"""Looks up the business places that an unlinked store may belong to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationStatus
from portal.domain.suggestions import NamedStore, Place
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.programmes import Programme


def places(session: Session, organisation_id: int) -> list[Place]:
    """Every business place that applied at the organisation, in the order of registration."""
    rows = session.execute(
        select(Merchant.id, Merchant.trade_name, Merchant.business_number, Merchant.address)
        .where(Merchant.id.in_(_applicants(organisation_id)))
        .order_by(Merchant.id)
    )
    return [Place(*row) for row in rows]


def named_stores(session: Session, organisation_id: int) -> Sequence[NamedStore]:
    """Every store that one of them ever named, whatever became of it."""
    rows = session.execute(
        select(
            PlatformLink.id,
            PlatformLink.merchant_id,
            PlatformLink.platform,
            PlatformLink.store_id,
            PlatformLink.status,
        )
        .where(PlatformLink.merchant_id.in_(_applicants(organisation_id)))
        .order_by(PlatformLink.id)
    )
    return [NamedStore(*row) for row in rows]


def _applicants(organisation_id: int) -> Select[int]:
    return (
        select(Application.merchant_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Application.status != ApplicationStatus.DRAFT, Programme.organisation_id == organisation_id)
    )
