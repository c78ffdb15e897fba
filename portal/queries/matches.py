"""Looks up stores whose platform names the business number of somebody who applied on the strength of its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.applications import DEAD, ApplicationStatus, Consent
from portal.domain.links import LinkStatus
from portal.domain.tracks import chosen
from portal.models.accounts import User
from portal.models.applications import Application, ConsentGiven
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.platform_stores import PlatformStore
from portal.models.programmes import Programme
from portal.models.settlements import Delivery
from portal.queries import programmes


@dataclass(frozen=True, slots=True)
class Match:
    """A store and whose it is. `link_id`: of the same merchant's own proposal that waits, None where there is none."""

    platform: str
    store_id: str
    merchant_id: int
    business_number: str
    opened_on: date
    link_id: int | None


def of_delivery(session: Session, delivery_id: int, *, most: int) -> list[Match]:
    """The stores that a delivery told of, of whoever has handed in; no more than so many."""
    handed_in = Application.status.not_in((ApplicationStatus.DRAFT, *DEAD))
    return list(islice(_found(session, and_(PlatformStore.delivery_id == delivery_id, handed_in)), most))


def of_application(session: Session, application_id: int) -> list[Match]:
    """The stores of one applicant, told of by whatever delivery."""
    return list(_found(session, Application.id == application_id))


def recent_deliveries(session: Session, since: datetime) -> Sequence[int]:
    """Deliveries since a moment that told of stores."""
    told = select(PlatformStore.id).where(PlatformStore.delivery_id == Delivery.id).exists()
    return session.scalars(select(Delivery.id).where(Delivery.delivered_at >= since, told)).all()


def _found(session: Session, which: ColumnElement[bool]) -> Iterator[Match]:
    """One statement, however many; the tracks of a version are read once, a store of two programmes is told once."""
    allowed: dict[tuple[int, str], frozenset[str]] = {}
    seen: set[tuple[str, str]] = set()
    for *told, version_id, track in session.execute(_told(which)).all():
        if (version_id, track) not in allowed:
            allowed[version_id, track] = _platforms(session, version_id, track)
        match = Match(*told)
        if match.platform in allowed[version_id, track] and (match.platform, match.store_id) not in seen:
            seen.add((match.platform, match.store_id))
            yield match


def _told(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Stores nobody has any claim to but the applicant: what was ever refused or contested is left to people,
    and what somebody delivered of their own business."""
    own, other = aliased(PlatformLink), aliased(PlatformLink)
    same = and_(own.platform == PlatformStore.platform, own.store_id == PlatformStore.store_id)
    waits = and_(same, own.merchant_id == Merchant.id, own.status == LinkStatus.PROPOSED)
    claimed = (
        select(other.id)
        .where(other.platform == PlatformStore.platform, other.store_id == PlatformStore.store_id)
        .where((own.id.is_(None)) | (other.id != own.id))
        .correlate(PlatformStore, own)
        .exists()
    )
    teller, owner = aliased(User), aliased(User)
    own_word = (  # an official confirms no store of their own business either
        select(Delivery.id)
        .join(teller, teller.id == Delivery.delivered_by)
        .join(owner, owner.person_id == teller.person_id)
        .where(Delivery.id == PlatformStore.delivery_id, owner.id == Merchant.owner_id)
        .correlate(PlatformStore, Merchant)
        .exists()
    )
    agreed = select(ConsentGiven.application_id).where(
        ConsentGiven.application_id == Application.id, ConsentGiven.code == Consent.PLATFORM_DATA
    )
    return (
        select(
            PlatformStore.platform,
            PlatformStore.store_id,
            Merchant.id,
            Merchant.business_number,
            Merchant.opened_on,
            own.id,
            Application.version_id,
            Application.track,
        )
        .join(Merchant, Merchant.business_number == PlatformStore.business_number)
        .join(Application, Application.merchant_id == Merchant.id)
        .join(Programme, Programme.id == Application.programme_id)
        .outerjoin(own, waits)
        .where(Programme.organisation_id == PlatformStore.organisation_id, Application.track != "")
        .where(agreed.exists(), ~claimed, ~own_word, which)
        .order_by(PlatformStore.id)
    )


def _platforms(session: Session, version_id: int, track: str) -> frozenset[str]:
    """The platforms whose data prove the costs of a track; none where evidence does."""
    found = chosen(programmes.version(session, version_id).announcement.tracks, track)
    return frozenset(found.platforms) if found else frozenset()


def waiting_link(session: Session, link_id: int) -> PlatformLink | None:
    """A merchant's own proposal, held until the transaction ends; None where it waits no more."""
    query = select(PlatformLink).where(PlatformLink.id == link_id, PlatformLink.status == LinkStatus.PROPOSED)
    held = query.with_for_update(of=PlatformLink).execution_options(populate_existing=True)
    return session.scalars(held).one_or_none()


def office_of(session: Session, link_id: int) -> int | None:
    """In whose name a store is told of that was linked by its number as its merchant handed in alone."""
    link = session.get_one(PlatformLink, link_id)
    return session.scalar(
        select(PlatformStore.organisation_id)
        .join(Programme, Programme.organisation_id == PlatformStore.organisation_id)
        .join(Application, Application.programme_id == Programme.id)
        .where(PlatformStore.platform == link.platform, PlatformStore.store_id == link.store_id)
        .where(PlatformStore.business_number == link.merchant.business_number)
        .where(Application.merchant_id == link.merchant_id)
        .order_by(Application.id.desc())
        .limit(1)
    )


def owners(session: Session, merchant_ids: Sequence[int]) -> Sequence[Merchant]:
    """The places of matches, read together."""
    return session.scalars(select(Merchant).where(Merchant.id.in_(merchant_ids))).all()
