"""What a platform firm does with its proposal: drafting it with its services, handing it in, and its account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain import identifiers
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.proposals import (
    LIFECYCLE,
    Account,
    DraftProposal,
    OfferService,
    ProposalStatus,
    draft_problems,
    offer_problems,
)
from portal.models.proposals import Offer, Proposal
from portal.queries import programmes, proposals
from portal.services import steps


def draft(session: Session, code: str, command: DraftProposal, *, by: Actor, at: datetime) -> Proposal:
    """Begins the firm's proposal to a call. Raises NotFound, Incomplete (also where the call is not open), AlreadyDone
    where the firm has one already.
    """
    _supplies(by)
    call = proposals.call_of(session, code, by)
    if not call.rules.calls(korean_date(at)):
        raise Incomplete(problems=[Problem("proposals_closed", value=f"{call.rules.proposals_to}")])
    _check(command)
    proposal = Proposal(
        organisation_id=call.published.programme.organisation_id,
        programme_id=call.published.programme.id,
        version_id=call.published.version.id,
        platform=by.platform,
        drafted_by=by.user_id,
        drafted_at=at,
        opinion="",
    )
    _write(proposal, command)
    try:
        steps.begin(session, proposal, LIFECYCLE, "draft", by=by, at=at)
    except IntegrityError as there:
        raise AlreadyDone("one proposal each", [Problem("proposal_exists")]) from there
    return proposal


def revise(session: Session, proposal_id: int, command: DraftProposal, *, by: Actor, at: datetime) -> Proposal:
    """Raises NotFound, InvalidTransition once it is handed in, Incomplete."""
    proposal = _open(session, proposal_id, by)
    _check(command)
    _write(proposal, command)
    steps.write(session, LIFECYCLE.noun, proposal.id, "revise", by=by, at=at)
    return proposal


def add_offer(session: Session, proposal_id: int, command: OfferService, *, by: Actor, at: datetime) -> Offer:
    """Adds a service; its tax is computed here. Raises NotFound, InvalidTransition, Incomplete."""
    proposal = _open(session, proposal_id, by)
    rules = proposals.rules_of(proposal.version)
    most = programmes.read(proposal.version).announcement.grant.amount
    if problems := offer_problems(command, tuple(rules.names), most):
        raise Incomplete(problems=problems)
    offer = Offer(
        proposal_id=proposal.id,
        kind=command.kind,
        name=command.name.strip(),
        terms=command.terms.strip(),
        supply_value=command.supply_value,
        vat=rules.vat_of(command.supply_value, taxable=command.taxable),
    )
    session.add(offer)
    session.flush()
    steps.write(session, LIFECYCLE.noun, proposal.id, "add_offer", by=by, at=at, details={"offer": offer.id})
    return offer


def remove_offer(session: Session, proposal_id: int, offer_id: int, *, by: Actor, at: datetime) -> Proposal:
    """Raises NotFound, InvalidTransition once it is handed in."""
    proposal = _open(session, proposal_id, by)
    offer = session.get(Offer, offer_id)
    if offer is None or offer.proposal_id != proposal.id:
        raise NotFound(f"offer {offer_id}")
    session.delete(offer)
    session.flush()
    session.expire(proposal, ["offers"])
    steps.write(session, LIFECYCLE.noun, proposal.id, "remove_offer", by=by, at=at, details={"offer": offer_id})
    return proposal


def submit(session: Session, proposal_id: int, *, by: Actor, at: datetime) -> Proposal:
    """Hands it in. Raises NotFound, InvalidTransition, Incomplete without a service or once the call is closed."""
    proposal = _open(session, proposal_id, by)
    rules = proposals.rules_of(proposal.version)
    if not rules.calls(korean_date(at)):
        raise Incomplete(problems=[Problem("proposals_closed", value=f"{rules.proposals_to}")])
    if not proposal.offers:
        raise Incomplete(problems=[Problem("no_offers")])
    steps.take(session, proposal, LIFECYCLE, "submit", by=by, at=at)
    proposal.submitted_at = at
    return proposal


def withdraw(session: Session, proposal_id: int, *, by: Actor, at: datetime) -> Proposal:
    """Takes it back. Raises NotFound, InvalidTransition once it was chosen or left out."""
    proposal = proposals.own_held(session, proposal_id, by)
    steps.take(session, proposal, LIFECYCLE, "withdraw", by=by, at=at)
    return proposal


def change_account(session: Session, proposal_id: int, command: Account, *, by: Actor, at: datetime) -> Proposal:
    """Another account: nothing is paid or chosen until it is checked and agreed to anew.

    Raises NotFound, InvalidTransition for a draft, whose account is written with it, and once it is over; Incomplete.
    """
    proposal = proposals.own_held(session, proposal_id, by)
    if problems := _account_problems(command):
        raise Incomplete(problems=problems)
    steps.take(session, proposal, LIFECYCLE, "change_account", by=by, at=at)
    _write_account(proposal, command)
    return proposal


def _open(session: Session, proposal_id: int, by: Actor) -> Proposal:
    _supplies(by)
    proposal = proposals.own_held(session, proposal_id, by)
    if proposal.status is not ProposalStatus.DRAFT:
        raise InvalidTransition(f"proposal {proposal_id} is {proposal.status}")
    return proposal


def _supplies(by: Actor) -> None:
    if not by.may(Permission.PLATFORM_SUPPLY):
        raise NotPermitted(Permission.PLATFORM_SUPPLY)


def _check(command: DraftProposal) -> None:
    problems = draft_problems(command) + _account_problems(command.account)
    if not identifiers.is_business_number(command.business_number):
        problems.append(Problem("business_number_check", "business_number"))
    if problems:
        raise Incomplete(problems=problems)


def _account_problems(account: Account) -> list[Problem]:
    found = [] if account.bank_code in data.banks() else [Problem("unknown_choice", "bank_code")]
    if not identifiers.is_account_number(account.account_number):
        found.append(Problem("account_number_invalid", "account_number"))
    if not account.account_holder.strip():
        found.append(Problem("required", "account_holder"))
    return found


def _write(proposal: Proposal, command: DraftProposal) -> None:
    proposal.firm, proposal.representative = command.firm.strip(), command.representative.strip()
    proposal.business_number, proposal.plan = command.business_number, command.plan.strip()
    proposal.conditions_declared = command.conditions
    _write_account(proposal, command.account)


def _write_account(proposal: Proposal, account: Account) -> None:
    proposal.bank_code, proposal.account_number = account.bank_code, account.account_number
    proposal.account_holder = account.account_holder.strip()
