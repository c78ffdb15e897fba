"""Looks up service passes: a merchant's own, a firm's own, and what a grant still holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.domain.service_passes import TAKING, PassStatus
from portal.models.applications import Application, Decision
from portal.models.merchants import Merchant
from portal.models.proposals import Offer, Proposal
from portal.models.service_passes import ServicePass
from portal.queries import programmes, proposals
from portal.queries.mandates import my_case


@dataclass(frozen=True, slots=True)
class Entitlement:
    """An approved application that is given services: won granted, and won that its passes take."""

    application: Application
    granted: int
    taken: int
    offers: Sequence[Offer]

    @property
    def left(self) -> int:
        return self.granted - self.taken


def taken(session: Session, application_ids: Collection[int], *, on: date | None = None) -> dict[int, int]:
    """Application id -> won that its passes take from its grant; `on`: without those that expire with the next choice,
    because their last day passed before this one.
    """
    where = [ServicePass.status.in_(TAKING)] if on is None else [ServicePass.status.in_(TAKING), ~_lapsed(on)]
    rows = session.execute(
        select(ServicePass.application_id, func.sum(ServicePass.supply_value))
        .where(ServicePass.application_id.in_(application_ids), *where)
        .group_by(ServicePass.application_id)
    )
    return {application_id: int(won) for application_id, won in rows}


def promised(session: Session, application_ids: Collection[int | None] | Select[Any], *, on: date) -> int:
    """Won of services that were chosen or given and that no claim pays yet: these grants keep the money for them."""
    query = select(func.coalesce(func.sum(ServicePass.supply_value), 0)).where(
        ServicePass.application_id.in_(application_ids),
        ServicePass.status.in_(TAKING),
        ServicePass.status != PassStatus.CLAIMED,
        ~_lapsed(on),
    )
    return int(session.scalar(query) or 0)


def entitlements(session: Session, by: Actor, *, on: date) -> list[Entitlement]:
    """The owner's approved applications whose programme gives services, with what they may choose from."""
    rows = session.execute(
        select(Application, Decision.amount)
        .join(Decision, Decision.application_id == Application.id)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .where(my_case(by), Application.status == ApplicationStatus.APPROVED)
        .order_by(Application.id.desc())
    ).all()
    given = [(each, won) for each, won in rows if programmes.read(each.version).announcement.services is not None]
    used = taken(session, [each.id for each, _ in given], on=on)
    return [
        Entitlement(each, won, used.get(each.id, 0), proposals.catalogue(session, each.programme_id, on=on))
        for each, won in given
    ]


def granted_to(session: Session, application_id: int, by: Actor) -> tuple[Application, int]:
    """An approved application of the owner, locked so that two choices see each other, and won granted to it.

    Raises NotFound.
    """
    found = session.scalar(
        select(Application)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .where(
            Application.id == application_id,
            my_case(by),
            Application.status == ApplicationStatus.APPROVED,
        )
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"application {application_id}")
    granted = session.scalar(select(Decision.amount).where(Decision.application_id == application_id))
    return found, granted or 0


def of_owner(session: Session, by: Actor) -> Sequence[ServicePass]:
    """The owner's, newest first."""
    return session.scalars(
        select(ServicePass)
        .join(Application, Application.id == ServicePass.application_id)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .where(my_case(by))
        .order_by(ServicePass.id.desc())
    ).all()


def owned(session: Session, pass_id: int, by: Actor, *, locked: bool = False) -> ServicePass:
    """One of the owner's; none of an association's or a clerk's, to whom what is paid is not open. Raises NotFound."""
    found = _one(session, pass_id, _own(by), locked=locked)
    if found is None or not by.may(Permission.CLAIM_OWN):
        raise NotFound(f"service pass {pass_id}")
    return found


def of_firm(session: Session, by: Actor, *, status: PassStatus | None = None) -> Sequence[ServicePass]:
    """Those chosen of the person's own platform, oldest first."""
    query = (
        select(ServicePass)
        .join(Offer, Offer.id == ServicePass.offer_id)
        .join(Proposal, Proposal.id == Offer.proposal_id)
        .where(Proposal.platform == by.platform, Proposal.organisation_id == by.organisation_id)
    )
    if status is not None:
        query = query.where(ServicePass.status == status)
    return session.scalars(query.order_by(ServicePass.id)).all()


def supplied(session: Session, pass_id: int, by: Actor, *, locked: bool = False) -> ServicePass:
    """One of the person's own platform. Raises NotFound for every other firm's."""
    found = _one(session, pass_id, locked=locked)
    of = found.offer.proposal if found is not None else None
    if found is None or of is None or (of.platform, of.organisation_id) != (by.platform, by.organisation_id):
        raise NotFound(f"service pass {pass_id}")
    return found


def of_organisation(session: Session, pass_id: int, by: Actor, *, locked: bool = False) -> ServicePass:
    """One that concerns an official's organisation. Raises NotFound."""
    found = _one(session, pass_id, locked=locked)
    if found is None or found.offer.proposal.organisation_id != by.organisation_id:
        raise NotFound(f"service pass {pass_id}")
    return found


def expiring(session: Session, application_id: int, *, before: date) -> Sequence[ServicePass]:
    """Of one grant: those whose service was never reported and whose last day has passed, locked."""
    query = select(ServicePass).where(ServicePass.application_id == application_id, _lapsed(before))
    return session.scalars(query.order_by(ServicePass.id).with_for_update(of=ServicePass)).all()


def _lapsed(before: date) -> ColumnElement[bool]:
    return and_(ServicePass.status == PassStatus.CHOSEN, ServicePass.valid_until < before)


def _own(by: Actor) -> ColumnElement[bool]:
    """Whose grant it is given from: whoever stands in has those of the applications that their mandate opens alone."""
    theirs = select(Application.id).join(Merchant, Merchant.id == Application.merchant_id).where(my_case(by))
    return ServicePass.application_id.in_(theirs)


def _one(session: Session, pass_id: int, *which: ColumnElement[bool], locked: bool) -> ServicePass | None:
    query = select(ServicePass).where(ServicePass.id == pass_id, *which)
    if locked:
        query = query.with_for_update(of=ServicePass).execution_options(populate_existing=True)
    return session.scalar(query)
