"""Looks up deliveries of settlement data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.models.accounts import Organisation
from portal.models.settlements import Delivery

PAGE = 50


def page(session: Session, by: Actor, *, platform: str = "", before: int | None = None) -> Sequence[Delivery]:
    """A page of the deliveries the person may know of (`_visible`), newest first, of one platform or all."""
    query = select(Delivery).where(_visible(by))
    if platform:
        query = query.where(Delivery.platform == platform)
    if before is not None:
        query = query.where(Delivery.id < before)
    return session.scalars(query.order_by(Delivery.id.desc()).limit(PAGE)).all()


def of_organisation(session: Session, delivery_id: int, by: Actor) -> Delivery:
    """One delivery of those the person may know of. Raises NotFound."""
    found = session.scalar(select(Delivery).where(Delivery.id == delivery_id, _visible(by)))
    if found is None:
        raise NotFound(f"delivery {delivery_id}")
    return found


def of_platform(session: Session, delivery_id: int, by: Actor, platform: str) -> Delivery:
    """The same, for the platform whose lines it holds. Raises NotFound for another platform's."""
    found = of_organisation(session, delivery_id, by)
    if found.platform != platform:
        raise NotFound(f"delivery {delivery_id}")
    return found


def lock_deliveries(session: Session, organisation_id: int) -> None:
    """One delivery of an organisation at a time: then a higher number never becomes visible before a lower one."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True))


def same_bytes(session: Session, organisation_id: int, platform: str, period: str, sha256: str) -> Delivery | None:
    """The delivery of these very bytes for this platform and month, if there was one."""
    return session.scalar(
        select(Delivery).where(
            Delivery.organisation_id == organisation_id,
            Delivery.platform == platform,
            Delivery.period == period,
            Delivery.sha256 == sha256,
        )
    )


def next_number(session: Session) -> int:
    """The number that the next delivery will most likely get: of use to who writes lines before it is given."""
    return (session.scalar(select(func.max(Delivery.id))) or 0) + 1


def with_lines(session: Session, organisation_id: int) -> Sequence[Delivery]:
    """All deliveries from which lines were stored, in order of receipt."""
    return session.scalars(
        select(Delivery).where(Delivery.organisation_id == organisation_id, Delivery.accepted > 0).order_by(Delivery.id)
    ).all()


def of_month(session: Session, organisation_id: int, platform: str, period: str) -> Sequence[Delivery]:
    """The deliveries from which lines of this platform and month were stored, in order of receipt."""
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.organisation_id == organisation_id,
            Delivery.platform == platform,
            Delivery.period == period,
            Delivery.accepted > 0,
        )
        .order_by(Delivery.id)
    ).all()


def with_lines_of(session: Session, organisation_id: int, platform: str) -> Sequence[Delivery]:
    """The deliveries from which lines of this platform were stored, of all months, in order of receipt."""
    mine = (Delivery.organisation_id == organisation_id, Delivery.platform == platform, Delivery.accepted > 0)
    return session.scalars(select(Delivery).where(*mine).order_by(Delivery.id)).all()


def numbered(session: Session, by: Actor, numbers: Collection[int]) -> dict[int, Delivery]:
    """Those of the deliveries with these numbers that the person may know of."""
    rows = session.scalars(select(Delivery).where(_visible(by), Delivery.id.in_(numbers)))
    return {delivery.id: delivery for delivery in rows}


def _visible(by: Actor) -> ColumnElement[bool]:
    """The organisation's deliveries; for a platform's person, those of the platform, whoever delivered them."""
    theirs = Delivery.organisation_id == by.organisation_id
    return and_(theirs, Delivery.platform == by.platform) if by.platform else theirs
