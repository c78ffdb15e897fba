"""What an office does with the proposals to its call: scoring them, choosing the best, checking accounts, agreeing.

The choice is made by the same rankings as the scored selection of applications (domain/rankings.py).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, InvalidTransition, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.proposals import (
    LIFECYCLE,
    MIN_OPINION,
    GiveProposalScores,
    ProposalStatus,
    SignAgreement,
    agreement_problems,
)
from portal.domain.rankings import Outcome, Wanted, choose, rank, sheet_problems
from portal.models.proposals import Proposal, ProposalScore, ProposalSheet
from portal.queries import programmes, proposals
from portal.services import steps


def score(session: Session, proposal_id: int, command: GiveProposalScores, *, by: Actor, at: datetime) -> ProposalSheet:
    """Gives a proposal its points, for good.

    Raises NotFound, NotPermitted, InvalidTransition once it was resolved on, Incomplete (also without the word to have
    no interest in the firm), AlreadyDone for a second sheet of the same person.
    """
    if not by.may(Permission.APPLICATION_REVIEW):
        raise NotPermitted(Permission.APPLICATION_REVIEW)
    proposal = proposals.held(session, proposal_id, by)
    if proposal.status is not ProposalStatus.SUBMITTED:
        raise InvalidTransition("no sheets are taken now", [Problem("scoring_over")])
    problems = sheet_problems(command.points, proposals.rules_of(proposal.version).selection)
    if not command.no_interest:
        problems.append(Problem("interest_undeclared", "no_interest"))
    if problems:
        raise Incomplete(problems=problems)
    sheet = ProposalSheet(
        proposal_id=proposal.id,
        account_id=by.user_id,
        person_id=by.person_id,
        comment=command.comment.strip(),
        given_at=at,
        scores=[ProposalScore(criterion=code, points=points) for code, points in command.points.items()],
    )
    session.add(sheet)
    try:
        session.flush()
    except IntegrityError as given_before:
        raise AlreadyDone("a sheet was given", [Problem("sheet_given")]) from given_before
    steps.write(session, LIFECYCLE.noun, proposal.id, "score", by=by, at=at)
    return sheet


def resolve(session: Session, code: str, opinion: str, *, by: Actor, at: datetime) -> list[Proposal]:
    """Chooses the best of a closed call by their scores, once, with what was resolved in words. Returns the chosen.

    Raises NotFound, NotPermitted, SamePerson for whoever scored, Incomplete while the call is open, where a proposal
    lacks sheets, or without an opinion, and InvalidTransition where nothing is left to resolve on.
    """
    if not by.may(Permission.APPLICATION_DECIDE):
        raise NotPermitted(Permission.APPLICATION_DECIDE)
    call = proposals.call_of(session, code, by)
    if len(opinion.strip()) < MIN_OPINION:
        raise Incomplete(problems=[Problem("opinion_too_short", "opinion")])
    if korean_date(at) <= call.rules.proposals_to:
        raise Incomplete(problems=[Problem("call_still_open", value=f"{call.rules.proposals_to}")])
    proposals.lock_call(session, call.published.programme.id)
    found = {each.id: each for each in proposals.to_resolve(session, call.published.programme.id)}
    if not found:
        raise InvalidTransition("nothing to resolve on", [Problem("no_candidates")])
    rules = call.rules.selection
    sheets = proposals.as_sheets(proposals.sheets_of(session, found))
    ranked = rank({number: number for number in found}, sheets, rules)
    wanted = [Wanted(each.candidate, 0, passed=each.rank is not None) for each in ranked]
    outcomes = choose(wanted, call.published.terms.funding, {}, places=rules.places, reserve=rules.reserve)
    for each in ranked:
        proposal, outcome = found[each.candidate], outcomes[each.candidate]
        proposal.rank, proposal.score, proposal.outcome = each.rank, each.hundredths, outcome
        proposal.opinion = opinion.strip()
        action = "select" if outcome is Outcome.SELECTED else "leave_out"
        steps.take(session, proposal, LIFECYCLE, action, by=by, at=at, note=opinion.strip())
    return [found[each.candidate] for each in ranked if outcomes[each.candidate] is Outcome.SELECTED]


def verify(session: Session, proposal_id: int, *, seen: str = "", by: Actor, at: datetime) -> Proposal:
    """Says that the account is the firm's, by its bank book and registration. `seen`: the mark of the account that was
    looked at. Raises NotFound, InvalidTransition, Conflict where the firm has corrected it meanwhile.
    """
    proposal = proposals.held(session, proposal_id, by)
    if seen and seen != proposal.account.mark:
        raise Conflict(problems=[Problem("account_corrected")])
    steps.take(session, proposal, LIFECYCLE, "verify", by=by, at=at)
    return proposal


def agree(session: Session, proposal_id: int, command: SignAgreement, *, by: Actor, at: datetime) -> Proposal:
    """Writes down the agreement that was signed; from now on its services may be chosen and the firm may be paid.

    Raises NotFound, SamePerson for whoever checked the account, InvalidTransition, Incomplete.
    """
    proposal = proposals.held(session, proposal_id, by)
    if problems := agreement_problems(command, on=korean_date(at)):
        raise Incomplete(problems=problems)
    proposal.agreement_number = command.number.strip()
    proposal.agreed_on, proposal.agreement_ends_on = command.signed_on, command.ends_on
    steps.take(session, proposal, LIFECYCLE, "agree", by=by, at=at, note=command.number)
    return proposal


def entitlement(proposal: Proposal) -> int:
    """Won of services that one merchant of the call may choose."""
    return programmes.read(proposal.version).announcement.grant.amount
