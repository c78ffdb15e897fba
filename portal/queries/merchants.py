"""Looks up business places and what is known about their owners."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache

from sqlalchemy import CompoundSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import DEAD, ApplicationStatus
from portal.domain.errors import NotFound
from portal.domain.links import LinkStatus
from portal.domain.sales import SalesRule
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.queries import representatives
from portal.queries.mandates import mine
from portal.queries.programmes import Published

S = ApplicationStatus
_NOT_HANDED_IN = (S.DRAFT, *DEAD)


def of_owner(session: Session, by: Actor) -> Sequence[Merchant]:
    """The business places of one owner, in the order of registration."""
    return session.scalars(select(Merchant).where(mine(by)).order_by(Merchant.id)).all()


def owned(session: Session, merchant_id: int, by: Actor) -> Merchant:
    """One's own business place. Raises NotFound, for another's too."""
    found = session.scalar(select(Merchant).where(Merchant.id == merchant_id, mine(by)))
    if found is None:
        raise NotFound(f"merchant {merchant_id}")
    return found


def owner_of(session: Session, merchant_id: int) -> int | None:
    """The person who owns a business."""
    return session.scalar(
        select(User.person_id).join(Merchant, Merchant.owner_id == User.id).where(Merchant.id == merchant_id)
    )


def by_number(session: Session, business_number: str) -> Merchant | None:
    """The place registered under this number, whoever owns it."""
    return session.scalar(select(Merchant).where(Merchant.business_number == business_number))


def number_taken(session: Session, business_number: str, *, but: int = 0) -> bool:
    """Whether another place is registered under this number; `but` leaves one out."""
    known = select(Merchant.id).where(Merchant.business_number == business_number, Merchant.id != but)
    return session.scalar(known) is not None


def has_handed_in(session: Session, merchant_id: int) -> bool:
    """Whether an application of this place has ever left the merchant's hands."""
    handed_in = select(Application.id).where(
        Application.merchant_id == merchant_id, Application.submitted_at.is_not(None)
    )
    return session.scalar(handed_in.limit(1)) is not None


def drafts(session: Session, merchant_id: int) -> Sequence[Application]:
    """The applications of this place that are still being written."""
    return session.scalars(
        select(Application)
        .where(Application.merchant_id == merchant_id, Application.status == S.DRAFT)
        .order_by(Application.id)
    ).all()


def places_in_programme(session: Session, programme_id: int, merchant: Merchant) -> int | None:
    """How many places of this owner, or of one of its joint representatives, take part in the programme, this one
    counted whether or not it does yet.

    None where a joint representative bears the name of somebody whose birthday is unknown: an official looks.
    """
    asked = {
        "programme_id": programme_id,
        "merchant_id": merchant.id,
        "owner_id": merchant.owner_id,
        "representative": merchant.representative,
    }
    sure = session.scalar(_taking_part(representatives.same_people), asked) or 0
    if not sure and session.scalar(_taking_part(representatives.namesakes), asked):
        return None
    return 1 + sure


@cache
def _taking_part(among: Callable[[], CompoundSelect[int]]) -> Select[int]:
    """How many of these businesses take part in `programme_id`, `merchant_id` left out.

    Built once: it is asked whenever an application is looked at, and to build it takes longer than to answer it.
    """
    return select(func.count(Application.merchant_id.distinct())).where(
        Application.programme_id == bindparam("programme_id"),
        Application.status.not_in(_NOT_HANDED_IN),
        Application.merchant_id.in_(among()),
        Application.merchant_id != bindparam("merchant_id"),
    )


def confirmed_platforms(session: Session, merchant_id: int) -> frozenset[str] | None:
    """The platforms on which this place has a confirmed store; None where nothing is confirmed yet."""
    found = session.scalars(
        select(PlatformLink.platform).where(
            PlatformLink.merchant_id == merchant_id, PlatformLink.status == LinkStatus.CONFIRMED
        )
    )
    return frozenset(found) or None


def sales_years(calls: Iterable[Published], on: date) -> tuple[int, ...]:
    """The years of which to ask the sales: the last two, and whatever the open programmes ask for; newest first."""
    asked = {
        year
        for call in calls
        for criterion in call.announcement.eligibility
        if isinstance(criterion.rule, SalesRule)
        for year in criterion.rule.years
    }
    return tuple(sorted(asked | {on.year - 1, on.year - 2}, reverse=True))
