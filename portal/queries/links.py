"""Looks up links between merchants and stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.assessment import LinkPeriod
from portal.domain.errors import NotFound
from portal.domain.links import LinkStatus
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.programmes import Programme

VALID = (LinkStatus.CONFIRMED, LinkStatus.ENDED)
PAGE = 50


def of_owner(session: Session, by: Actor) -> Sequence[PlatformLink]:
    """All links of the businesses of one owner, newest first."""
    return session.scalars(
        select(PlatformLink).join(Merchant).where(Merchant.owner_id == by.user_id).order_by(PlatformLink.id.desc())
    ).all()


def owned_merchants(session: Session, by: Actor) -> Sequence[Merchant]:
    """The businesses for which this owner may propose a link."""
    return session.scalars(select(Merchant).where(Merchant.owner_id == by.user_id).order_by(Merchant.id)).all()


def waiting(session: Session, by: Actor, *, after: int = 0) -> Sequence[PlatformLink]:
    """A page of proposed links of merchants with an application at the official's organisation, oldest first."""
    return session.scalars(
        select(PlatformLink)
        .where(
            PlatformLink.status == LinkStatus.PROPOSED, PlatformLink.id > after, _applied_at(by.organisation_id or 0)
        )
        .order_by(PlatformLink.id)
        .limit(PAGE)
    ).all()


def confirmed(session: Session, by: Actor, *, after: int = 0) -> Sequence[PlatformLink]:
    """A page of confirmed links at the official's organisation."""
    return session.scalars(
        select(PlatformLink)
        .where(
            PlatformLink.status == LinkStatus.CONFIRMED, PlatformLink.id > after, _applied_at(by.organisation_id or 0)
        )
        .order_by(PlatformLink.id)
        .limit(PAGE)
    ).all()


def of_organisation(session: Session, link_id: int, by: Actor) -> PlatformLink:
    """One link of a merchant who applied at the official's organisation. Raises NotFound."""
    link = session.scalar(select(PlatformLink).where(PlatformLink.id == link_id, _applied_at(by.organisation_id or 0)))
    if link is None:
        raise NotFound(f"link {link_id}")
    return link


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


def periods(session: Session, programme_id: int) -> list[LinkPeriod]:
    """Every valid link of merchants with an approved application in the programme, as the assessment reads them."""
    enrolled = select(Application.merchant_id).where(
        Application.programme_id == programme_id, Application.status == ApplicationStatus.APPROVED
    )
    rows = session.execute(
        select(
            PlatformLink.platform,
            PlatformLink.store_id,
            PlatformLink.merchant_id,
            PlatformLink.valid_from,
            PlatformLink.valid_to,
        ).where(PlatformLink.status.in_(VALID), PlatformLink.merchant_id.in_(enrolled))
    )
    return [LinkPeriod(platform, store, str(merchant), start, end) for platform, store, merchant, start, end in rows]


def _applied_at(organisation_id: int):
    return (
        select(Application.id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Application.merchant_id == PlatformLink.merchant_id,
            Application.status != ApplicationStatus.DRAFT,
            Programme.organisation_id == organisation_id,
        )
        .exists()
    )
