"""Looks up proposals of platform firms: a firm's own, an organisation's, and the services open to be chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.proposals import ProposalStatus
from portal.domain.rankings import Sheet
from portal.domain.service_rules import ServiceRules
from portal.models.programmes import Programme, ProgrammeVersion
from portal.models.proposals import Offer, Proposal, ProposalSheet
from portal.queries import programmes
from portal.queries.programmes import Published


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A programme that gives services in kind, and its rules for them."""

    published: Published
    rules: ServiceRules


def rules_of(version: ProgrammeVersion) -> ServiceRules:
    """Raises NotFound where the version gives no services."""
    rules = programmes.read(version).announcement.services
    if rules is None:
        raise NotFound(f"programme version {version.id} gives no services")
    return rules


def call_of(session: Session, code: str, by: Actor) -> ServiceCall:
    """The call in force of the person's organisation. Raises NotFound."""
    published = programmes.in_force(session, code)
    if published.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    return ServiceCall(published, rules_of(published.version))


def calls(session: Session, by: Actor) -> list[ServiceCall]:
    """The calls in force of the person's organisation, in the order they were made."""
    found = programmes.published(session, organisation_id=by.organisation_id)
    return [ServiceCall(each, rules) for each in found if (rules := each.announcement.services) is not None]


def of_firm(session: Session, by: Actor) -> Sequence[Proposal]:
    """Those of the person's own platform at its organisation, newest first."""
    return session.scalars(select(Proposal).where(_own(by)).order_by(Proposal.id.desc())).all()


def own(session: Session, proposal_id: int, by: Actor) -> Proposal:
    """One of the person's own platform. Raises NotFound for every other firm's."""
    return _one(session, proposal_id, _own(by), locked=False)


def own_held(session: Session, proposal_id: int, by: Actor) -> Proposal:
    """The same as it is now, locked until the end of the transaction."""
    return _one(session, proposal_id, _own(by), locked=True)


def of_organisation(session: Session, proposal_id: int, by: Actor) -> Proposal:
    """One that an official's organisation received; drafts are the firm's alone. Raises NotFound."""
    return _one(session, proposal_id, _received(by), locked=False)


def held(session: Session, proposal_id: int, by: Actor) -> Proposal:
    """The same as it is now, locked until the end of the transaction."""
    return _one(session, proposal_id, _received(by), locked=True)


def received(session: Session, programme_id: int, by: Actor) -> Sequence[Proposal]:
    """What a call received, the best first once it is ranked."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.programme_id == programme_id, _received(by))
        .order_by(Proposal.score.desc().nulls_last(), Proposal.id)
        .options(selectinload(Proposal.offers))
    ).all()


def lock_call(session: Session, programme_id: int) -> None:
    """One at a time resolves on a call."""
    session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))


def to_resolve(session: Session, programme_id: int) -> Sequence[Proposal]:
    """Those handed in and not yet resolved on, by number, locked."""
    query = select(Proposal).where(Proposal.programme_id == programme_id, Proposal.status == ProposalStatus.SUBMITTED)
    return session.scalars(query.order_by(Proposal.id).with_for_update(of=Proposal)).all()


def sheets_of(session: Session, proposal_ids: Collection[int]) -> Sequence[ProposalSheet]:
    query = select(ProposalSheet).where(ProposalSheet.proposal_id.in_(proposal_ids)).order_by(ProposalSheet.id)
    return session.scalars(query).all()


def averages(
    rows: Sequence[Proposal], sheets: Collection[ProposalSheet], needed: int, by: Actor
) -> dict[int, float] | None:
    """Proposal -> average, once every proposal has the sheets it needs and this person is not still scoring.

    None before: whoever has sheets to give yet reads nobody else's.
    """
    of = {row.id: [each for each in sheets if each.proposal_id == row.id] for row in rows}
    waiting = [row.id for row in rows if row.status is ProposalStatus.SUBMITTED]
    mine = {each.proposal_id for each in sheets if each.person_id == by.person_id}
    if any(len(of[number]) < needed for number in waiting) or (mine and not mine >= set(waiting)):
        return None
    return {number: sum(each.total for each in given) / len(given) for number, given in of.items() if given}


def as_sheets(found: Collection[ProposalSheet]) -> list[Sheet]:
    """As the ranking reads them; assessors are persons."""
    return [
        Sheet(sheet.proposal_id, sheet.person_id, {score.criterion: score.points for score in sheet.scores})
        for sheet in found
    ]


def catalogue(session: Session, programme_id: int, *, on: date) -> Sequence[Offer]:
    """The services of the firms whose agreement runs on this day, firm by firm in the order of the choice."""
    return session.scalars(
        select(Offer)
        .join(Proposal, Proposal.id == Offer.proposal_id)
        .where(
            Proposal.programme_id == programme_id,
            Proposal.status == ProposalStatus.AGREED,
            Proposal.agreement_ends_on >= on,
        )
        .order_by(Proposal.rank, Offer.id)
        .options(joinedload(Offer.proposal))
    ).all()


def _own(by: Actor) -> ColumnElement[bool]:
    return (Proposal.platform == by.platform) & (Proposal.organisation_id == by.organisation_id)


def _received(by: Actor) -> ColumnElement[bool]:
    return (Proposal.organisation_id == by.organisation_id) & Proposal.submitted_at.is_not(None)


def _one(session: Session, proposal_id: int, whose: ColumnElement[bool], *, locked: bool) -> Proposal:
    query = select(Proposal).where(Proposal.id == proposal_id, whose)
    if locked:
        query = query.with_for_update(of=Proposal).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"proposal {proposal_id}")
    return found
