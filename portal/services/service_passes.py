"""Choosing services in kind, delivering them, and the merchant's word on the delivery.

The whole grant is committed when it is decided, as every grant: a choice takes its price out of that commitment, and
what is cancelled or never given comes back to the merchant's grant, not to the budget.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain import identifiers
from portal.domain.actors import Actor
from portal.domain.errors import BudgetExhausted, Incomplete, InvalidTransition, NotFound, NotPermitted, Problem
from portal.domain.evidence import EvidenceFile
from portal.domain.periods import fiscal_year, korean_date
from portal.domain.permissions import Permission
from portal.domain.proposals import ProposalStatus
from portal.domain.service_passes import LIFECYCLE, PassStatus, choice_problems, valid_until, words_problems
from portal.models.proposals import Offer
from portal.models.service_passes import ServicePass
from portal.queries import budget, proposals, service_pass_waits, service_passes, vouchers
from portal.services import steps
from portal.storage.objects import Store

PREFIX = "SP"


def choose(session: Session, application_id: int, offer_id: int, *, by: Actor, at: datetime) -> ServicePass:
    """A merchant chooses a service within their grant: it is numbered, and waits so many days for its platform.

    Raises NotFound, NotPermitted for a clerk or an association, BudgetExhausted where the grant does not hold its
    price any more, or where its agreement is over. Lock order: budget lines, the application, its passes.
    """
    if not by.may(Permission.CLAIM_OWN):  # a consent opens the application, not what becomes of the grant
        raise NotPermitted("choosing is for the merchant, or an agent")
    (offer, ends_on), on = _offered(session, offer_id), korean_date(at)
    # Whoever gives a grant's money up waits until it was chosen, and the other way round.
    budget.locked(session, offer.proposal.programme_id, fiscal_year(on))
    application, granted = service_passes.granted_to(session, application_id, by)
    if offer.proposal.programme_id != application.programme_id:
        raise NotFound(f"offer {offer_id}")
    rules = proposals.rules_of(application.version)
    expire(session, application_id, by=by, at=at)
    taken = service_passes.taken(session, [application_id]).get(application_id, 0)
    # What a year's close or a correction gave up is not there any more, whatever the decision said.
    granted = min(granted, taken + vouchers.unclaimed(session, application_id, on=on))
    problems = choice_problems(offer.supply_value, granted=granted, taken=taken, agreed_until=ends_on, on=on)
    if problems:
        raise BudgetExhausted(problems=problems)
    chosen = ServicePass(
        application_id=application_id,
        offer_id=offer.id,
        number=identifiers.new_receipt_number(PREFIX, on, secrets.token_bytes),
        supply_value=offer.supply_value,
        vat=offer.vat,
        chosen_at=at,
        valid_until=valid_until(on, rules.valid_days, ends_on),
        delivered="",
        answer="",
    )
    steps.begin(session, chosen, LIFECYCLE, "choose", by=by, at=at)
    return chosen


def cancel(session: Session, pass_id: int, *, by: Actor, at: datetime) -> ServicePass:
    """The merchant gives a service back before it was given: another may be chosen. Raises NotFound and
    InvalidTransition once it was reported.
    """
    found = service_passes.owned(session, pass_id, by, locked=True)
    steps.take(session, found, LIFECYCLE, "cancel", by=by, at=at)
    return found


def expire(session: Session, application_id: int, *, by: Actor, at: datetime) -> int:
    """What was not given in its time takes nothing from the grant any more; returns how many."""
    over = service_passes.expiring(session, application_id, before=korean_date(at))
    for each in over:
        steps.take(session, each, LIFECYCLE, "expire", by=by, at=at)
    return len(over)


def attach_proof(
    session: Session, store: Store, pass_id: int, file: EvidenceFile, *, by: Actor, at: datetime
) -> ServicePass:
    """Keeps a proof of what is about to be reported, in place of one before. Raises NotFound, InvalidTransition."""
    found = _of_firm(session, pass_id, by)
    LIFECYCLE.step(found.status, "report")
    found.document_sha256 = store.put(file.content).sha256
    found.document_name, found.document_type = file.filename[:200], file.media_type
    steps.write(session, LIFECYCLE.noun, found.id, "attach_proof", by=by, at=at)
    return found


def report(session: Session, pass_id: int, words: str, *, by: Actor, at: datetime) -> ServicePass:
    """The platform says that and how it was given. Raises NotFound, Incomplete (also after its last day)."""
    found = _of_firm(session, pass_id, by)
    problems = words_problems(words)
    if not found.reported_at and korean_date(at) > found.valid_until:
        problems.append(Problem("pass_expired", value=f"{found.valid_until}"))
    if problems:
        raise Incomplete(problems=problems)
    LIFECYCLE.check(LIFECYCLE.step(found.status, "report"), by, {})
    found.delivered, found.reported_at = words.strip(), at  # before it is told: by when to confirm follows from it
    steps.take(session, found, LIFECYCLE, "report", by=by, at=at, note=words.strip())
    return found


def confirm(session: Session, pass_id: int, *, by: Actor, at: datetime) -> ServicePass:
    """The merchant says that the service was given: from now on it may be invoiced."""
    found = service_passes.owned(session, pass_id, by, locked=True)
    steps.take(session, found, LIFECYCLE, "confirm", by=by, at=at)
    found.confirmed_at = at
    return found


def dispute(session: Session, pass_id: int, words: str, *, by: Actor, at: datetime) -> ServicePass:
    """The merchant says what is wrong: nothing is invoiced until the platform has put it right.

    Every report may be disputed once, the last one also while an official vouches for it. Raises Incomplete,
    InvalidTransition where that official was judging this very dispute.
    """
    found = service_passes.owned(session, pass_id, by, locked=True)
    if problems := words_problems(words):
        raise Incomplete(problems=problems)
    if found.status is PassStatus.VOUCHED and service_pass_waits.vouched_in_dispute(session, found.id):
        raise InvalidTransition("the dispute is being decided", [Problem("dispute_being_decided")])
    LIFECYCLE.check(LIFECYCLE.step(found.status, "dispute"), by, {})
    found.answer, found.disputed_at = words.strip(), found.disputed_at or at
    steps.take(session, found, LIFECYCLE, "dispute", by=by, at=at, note=words.strip())
    return found


def give_up(session: Session, pass_id: int, *, by: Actor, at: datetime) -> ServicePass:
    """The platform gives a disputed service up: the merchant may choose another."""
    found = _of_firm(session, pass_id, by)
    steps.take(session, found, LIFECYCLE, "give_up", by=by, at=at)
    return found


def _offered(session: Session, offer_id: int) -> tuple[Offer, date]:
    """A service of an agreement, and the last day of that. Raises NotFound where none was signed."""
    offer = session.get(Offer, offer_id)
    if offer is None or offer.proposal.status is not ProposalStatus.AGREED or offer.proposal.agreement_ends_on is None:
        raise NotFound(f"offer {offer_id} is not agreed on")
    return offer, offer.proposal.agreement_ends_on


def _of_firm(session: Session, pass_id: int, by: Actor) -> ServicePass:
    if not by.may(Permission.PLATFORM_SUPPLY):
        raise NotPermitted(Permission.PLATFORM_SUPPLY)
    return service_passes.supplied(session, pass_id, by, locked=True)
