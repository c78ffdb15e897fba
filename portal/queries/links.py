"""Looks up links between merchants and stores."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.assessment import LinkPeriod
from portal.domain.errors import NotFound
from portal.domain.links import LinkStatus
from portal.models.api_clients import SandboxMerchant
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.queries.mandates import mine

VALID = (LinkStatus.CONFIRMED, LinkStatus.ENDED)
PAGE = 50


def of_owner(session: Session, by: Actor) -> Sequence[PlatformLink]:
    """All links of the businesses of one owner, newest first."""
    return session.scalars(select(PlatformLink).join(Merchant).where(mine(by)).order_by(PlatformLink.id.desc())).all()


def notes_for(session: Session, by: Actor) -> dict[int, str]:
    """Link id -> the reason given when it was refused, for the links of one owner."""
    rows = session.execute(
        select(AuditEvent.record_id, AuditEvent.note)
        .join(PlatformLink, PlatformLink.id == AuditEvent.record_id)
        .join(Merchant)
        .where(AuditEvent.noun == "link", AuditEvent.action.in_(("refuse", "deny")), mine(by))
    )
    return dict(rows.all())


def page(
    session: Session, by: Actor, *, status: LinkStatus | None = None, platform: str = "", after: int = 0
) -> Sequence[PlatformLink]:
    """A page of the links of merchants who applied at the person's organisation, oldest first."""
    query = select(PlatformLink).where(PlatformLink.id > after, _visible(by))
    if status is not None:
        query = query.where(PlatformLink.status == status)
    if platform:
        query = query.where(PlatformLink.platform == platform)
    return session.scalars(query.order_by(PlatformLink.id).limit(PAGE)).all()


def counts(session: Session, by: Actor) -> dict[LinkStatus, int]:
    """Status -> number of links at the person's organisation."""
    rows = session.execute(select(PlatformLink.status, func.count()).where(_visible(by)).group_by(PlatformLink.status))
    return dict(rows.all())


def linked_until(session: Session) -> dict[tuple[str, str], date]:
    """(Platform, store id) -> the last day on which a valid link covers the store; date.max for an open one."""
    rows = session.execute(
        select(PlatformLink.platform, PlatformLink.store_id, PlatformLink.valid_to).where(
            PlatformLink.status.in_(VALID)
        )
    )
    until: dict[tuple[str, str], date] = {}
    for platform, store_id, valid_to in rows:
        until[platform, store_id] = max(until.get((platform, store_id), date.min), valid_to or date.max)
    return until


def lock_store(session: Session, platform: str, store_id: str) -> None:
    """One decision about a store at a time, so that two confirmations at once cannot both find it free."""
    query = select(PlatformLink.id).where(PlatformLink.platform == platform, PlatformLink.store_id == store_id)
    session.execute(query.order_by(PlatformLink.id).with_for_update())


def of_organisation(session: Session, link_id: int, by: Actor) -> PlatformLink:
    """One link of a merchant who applied at the person's organisation. Raises NotFound."""
    link = session.scalar(select(PlatformLink).where(PlatformLink.id == link_id, _visible(by)))
    if link is None:
        raise NotFound(f"link {link_id}")
    return link


def of_platform(session: Session, link_id: int, by: Actor, platform: str) -> PlatformLink:
    """The same, for the platform whose store it names. Raises NotFound for another platform's."""
    link = of_organisation(session, link_id, by)
    if link.platform != platform:
        raise NotFound(f"link {link_id}")
    return link


def of_stores(session: Session, by: Actor, platform: str, store_ids: Collection[str]) -> dict[str, PlatformLink]:
    """Store id -> its newest valid link, for merchants who applied at the official's organisation."""
    rows = session.scalars(
        select(PlatformLink)
        .where(
            PlatformLink.platform == platform,
            PlatformLink.store_id.in_(store_ids),
            PlatformLink.status.in_(VALID),
            _applied_at(by.organisation_id or 0),
        )
        .order_by(PlatformLink.valid_from, PlatformLink.id)
    )
    return {link.store_id: link for link in rows}


def overlapping(
    session: Session, platform: str, store_id: str, valid_from: date, valid_to: date | None, *, but: int = 0
) -> PlatformLink | None:
    """A valid link of the same store whose period meets this one; `but` leaves one link out."""
    return session.scalar(
        select(PlatformLink).where(
            PlatformLink.platform == platform,
            PlatformLink.store_id == store_id,
            PlatformLink.status.in_(VALID),
            PlatformLink.id != but,
            or_(PlatformLink.valid_to.is_(None), PlatformLink.valid_to >= valid_from),
            PlatformLink.valid_from <= (valid_to or date.max),
        )
    )


def periods(session: Session, programme_ids: Collection[int]) -> list[LinkPeriod]:
    """Every valid link of merchants with an approved application in one of the programmes."""
    enrolled = select(Application.merchant_id).where(
        Application.programme_id.in_(programme_ids), Application.status == ApplicationStatus.APPROVED
    )
    return _periods(session, PlatformLink.merchant_id.in_(enrolled))


def of_applicants(session: Session, organisation_id: int) -> list[LinkPeriod]:
    """Every valid link of merchants who applied at the organisation, whatever became of it."""
    return _periods(session, _applied_at(organisation_id))


def _periods(session: Session, whose: ColumnElement[bool]) -> list[LinkPeriod]:
    rows = session.execute(
        select(
            PlatformLink.platform,
            PlatformLink.store_id,
            PlatformLink.merchant_id,
            PlatformLink.valid_from,
            PlatformLink.valid_to,
        )
        .where(PlatformLink.status.in_(VALID), whose)
        .order_by(PlatformLink.id)
    )
    return [LinkPeriod(platform, store, str(merchant), start, end) for platform, store, merchant, start, end in rows]


def _visible(by: Actor) -> ColumnElement[bool]:
    """The links of who applied at the organisation; for a platform's person, those to the platform's stores."""
    theirs = _applied_at(by.organisation_id or 0)
    return and_(theirs, PlatformLink.platform == by.platform) if by.platform else theirs


def _applied_at(organisation_id: int) -> ColumnElement[bool]:
    """Whether the merchant of a link applied there, or was invented for there."""
    invented = select(SandboxMerchant.merchant_id).where(
        SandboxMerchant.merchant_id == PlatformLink.merchant_id, SandboxMerchant.organisation_id == organisation_id
    )
    applied = (
        select(Application.id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Application.merchant_id == PlatformLink.merchant_id,
            Application.status != ApplicationStatus.DRAFT,
            Programme.organisation_id == organisation_id,
        )
        .exists()
    )
    return or_(applied, invented.exists())
