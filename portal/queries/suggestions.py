"""Looks up the business places that an unlinked store may belong to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationStatus
from portal.domain.links import LinkStatus
from portal.domain.platform_stores import StoreTold
from portal.domain.suggestions import NamedStore, Place
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.platform_stores import PlatformStore
from portal.models.programmes import Programme

StoreKey = tuple[str, str]  # platform, store id


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


def told(session: Session, organisation_id: int, stores: Collection[StoreKey]) -> dict[StoreKey, StoreTold]:
    """(Platform, store id) -> what the platform said of it, for those of whom anything was said."""
    by_platform: dict[str, list[str]] = {}
    for platform, store_id in stores:
        by_platform.setdefault(platform, []).append(store_id)
    mine = [
        and_(PlatformStore.platform == platform, PlatformStore.store_id.in_(ids))
        for platform, ids in by_platform.items()
    ]
    return _told(session, PlatformStore.organisation_id == organisation_id, or_(false(), *mine))


def aliases(session: Session, organisation_id: int) -> list[tuple[int, str]]:
    """(Merchant id, name) of what platforms call the stores that are linked to a place: the next one may use it too."""
    rows = session.execute(
        select(PlatformLink.merchant_id, PlatformStore.name)
        .join(
            PlatformStore,
            and_(PlatformStore.platform == PlatformLink.platform, PlatformStore.store_id == PlatformLink.store_id),
        )
        .where(
            PlatformStore.organisation_id == organisation_id,
            PlatformStore.name != "",
            PlatformLink.status == LinkStatus.CONFIRMED,
            PlatformLink.merchant_id.in_(_applicants(organisation_id)),
        )
        .order_by(PlatformLink.id)
    )
    return [(merchant_id, name) for merchant_id, name in rows]


def _told(session: Session, *which: ColumnElement[bool]) -> dict[StoreKey, StoreTold]:
    rows = session.scalars(select(PlatformStore).where(*which))
    return {
        (row.platform, row.store_id): StoreTold(row.store_id, row.name, row.business_number, row.address)
        for row in rows
    }


def _applicants(organisation_id: int) -> Select[int]:
    return (
        select(Application.merchant_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Application.status != ApplicationStatus.DRAFT, Programme.organisation_id == organisation_id)
    )
