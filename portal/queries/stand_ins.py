"""Looks up who is told of a merchant's matters beside the merchant: agents, the association that applied for it, and
clerks while nobody has the account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from portal.domain.actors import Capacity
from portal.domain.mandates import MandateStatus
from portal.domain.notifications import Whom
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.mandates import Mandate, MandateProgramme
from portal.models.merchants import Merchant
from portal.queries import notification_matters

Told = tuple[int, int | None]  # an account, and the mandate by which it acts on what it is told


@dataclass(frozen=True, slots=True)
class StandIns:
    """`claimed`: whether the merchant has the account; `clerks` is empty then."""

    claimed: bool
    agents: Collection[Told] = ()
    clerks: Collection[Told] = ()


def of(session: Session, merchant_id: int, application_id: int | None, organisation_id: int, on: date) -> StandIns:
    """Who stands in for a business on a day; an association in the application that it made. Of the clerks whoever
    entered the application, while they still may; else whoever may act for the business at this organisation; else
    every clerk of it, who take a new consent.
    """
    asked = {"merchant_id": merchant_id, "application_id": application_id, "on": on}
    rows = session.execute(_standing(), asked).all()
    claimed = any(row[0] for row in rows)
    by = session.scalar(select(Application.mandate_id).where(Application.id == application_id)) if rows[0][1] else None
    agents = [
        (row[4], row[1])
        for row in rows
        if row[4] is not None and (row[2] is Capacity.ATTORNEY or (row[2] is Capacity.ASSOCIATION and row[1] == by))
    ]
    if claimed:
        return StandIns(claimed, agents)
    there = [row for row in rows if row[3] == organisation_id and row[4] is not None]
    here = [(row[4], row[1]) for row in there if row[5] or application_id is None]  # else it is for other programmes
    entered = [each for each in here if each[1] == by]
    anybody: list[Told] = [(each, None) for each in notification_matters.members(session, organisation_id, Whom.CLERKS)]
    return StandIns(claimed, agents, entered or here or anybody)


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """Of `merchant_id`: whether its owner has the account, and every consent that holds `on` the day.

    Built once: it is asked whenever a merchant is told of something, and to build it takes longer than to answer it.
    """
    owner, holder = aliased(User), aliased(User)
    named = exists(
        select(MandateProgramme.mandate_id)
        .join(Application, Application.programme_id == MandateProgramme.programme_id)
        .where(MandateProgramme.mandate_id == Mandate.id, Application.id == bindparam("application_id"))
        .correlate(Mandate)
    )
    stands = (
        Mandate.merchant_id == Merchant.id, Mandate.status == MandateStatus.ACTIVE, Mandate.until >= bindparam("on"),
    )  # fmt: skip
    return (
        select(owner.active, Mandate.id, Mandate.capacity, Mandate.organisation_id, holder.id, named)
        .select_from(Merchant)
        .join(owner, owner.id == Merchant.owner_id)
        .outerjoin(Mandate, and_(*stands))
        .outerjoin(holder, and_(holder.id == Mandate.holder_id, holder.active))
        .where(Merchant.id == bindparam("merchant_id"))
        .order_by(Mandate.id)
    )
