"""Changing a grant that was decided: its approval lapses with the proposal, and comes back with another's decision.

Until then the commitment stays as it is and payments of its claims wait. Lock order: budget lines, the application.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.approvals import Matter
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, Problem
from portal.domain.funding import split, split_within
from portal.domain.grant_changes import LIFECYCLE, MIN_REASON, ChangeGrant, problems_in
from portal.domain.ledger import REGRANTED, PostingKind
from portal.domain.money import Won
from portal.domain.periods import fiscal_year, korean_date
from portal.models.applications import Application, Decision
from portal.models.grant_changes import GrantChange
from portal.queries import audit, budget, cases, grant_changes, payables, programmes
from portal.queries import ledger as postings
from portal.queries import reservations as find_reservations
from portal.queries import service_passes as passes
from portal.services import approvals, declarations, ledger, letters, reservations, service_passes, steps
from portal.storage.objects import Stores


def propose(session: Session, application_id: int, command: ChangeGrant, *, by: Actor, at: datetime) -> GrantChange:
    """Puts a changed grant before an approver; its approval lapses. Raises Incomplete, InvalidTransition where nothing
    was granted, AlreadyDone where a change waits.
    """
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    decision = _granted(session, application)
    _check(session, application, command, by=by, at=at)
    change = GrantChange(
        application_id=application.id,
        amount_before=decision.amount,
        amount=command.amount,
        reason=command.reason.strip(),
        note="",
        proposed_by=by.user_id,
        proposed_at=at,
    )
    try:
        steps.begin(session, change, LIFECYCLE, "propose", by=by, at=at)
    except IntegrityError as refused:
        raise AlreadyDone(problems=[Problem("grant_change_waits", "amount")]) from refused
    approvals.withdraw(session, Matter.DECISION, [application.id], at=at)
    return change


def approve(
    session: Session, stores: Stores, application_id: int, *, by: Actor, at: datetime, note: str = ""
) -> GrantChange:
    """The grant is what was proposed: the ledger, the decision, its approval and the letter change together.

    What is left on lines of closed years moves to this year's lines. Raises SamePerson, NotPermitted where the amount
    is another's band, BudgetExhausted, Incomplete where more was claimed or chosen meanwhile.
    """
    application, change, decision, lines = _held(session, application_id, by=by, at=at)
    _check(session, application, ChangeGrant(change.amount, change.reason), by=by, at=at)
    done = audit.done_by(session, LIFECYCLE.noun, change.id)
    LIFECYCLE.check(LIFECYCLE.step(change.status, "approve"), by, done)
    mandate = approvals.permit(session, Matter.DECISION, change.amount, by=by, at=at)
    _move(session, application, change, lines, by=by, at=at)
    change.upto, change.decided_by, change.decided_at = postings.last_entry(session), by.user_id, at
    steps.take(session, change, LIFECYCLE, "approve", by=by, at=at, note=note)
    decision.amount = change.amount
    kept = find_reservations.of_application(session, application.id)
    if kept is not None:
        kept.amount, kept.reserved = max(kept.amount, change.amount), change.amount
    application.changed_at = at
    approvals.record(session, Matter.DECISION, {application.id: change.amount}, mandate, by=by, at=at)
    parts = grant_changes.granted(session, application.id)
    letters.issue_changed_decision(session, stores, application, decision, parts, change, by=by, at=at)
    reservations.fill(session, application.programme_id, by=by, at=at)
    return change


def refuse(session: Session, application_id: int, *, note: str, by: Actor, at: datetime) -> GrantChange:
    """The grant stays as it was, approved anew by whoever says so."""
    if len(note.strip()) < MIN_REASON:
        raise Incomplete(problems=[Problem("reasons_too_short", "note")])
    application, change, decision, _lines = _held(session, application_id, by=by, at=at)
    change.note, change.decided_by, change.decided_at = note.strip(), by.user_id, at
    steps.take(session, change, LIFECYCLE, "refuse", by=by, at=at, note=note)
    mandate = approvals.permit(session, Matter.DECISION, decision.amount, by=by, at=at)
    approvals.record(session, Matter.DECISION, {application.id: decision.amount}, mandate, by=by, at=at)
    return change


def _held(
    session: Session, application_id: int, *, by: Actor, at: datetime
) -> tuple[Application, GrantChange, Decision, dict[str, int]]:
    """The case with the change that waits, its decision, and this year's budget lines by source; all held."""
    seen = cases.of_organisation(session, application_id, by)
    lines = budget.locked(session, seen.programme_id, fiscal_year(korean_date(at)))
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    return application, grant_changes.open_of(session, application.id), _granted(session, application), lines


def _granted(session: Session, application: Application) -> Decision:
    decision = cases.decision_of(session, application.id)
    if application.status is not ApplicationStatus.APPROVED or decision is None:
        raise InvalidTransition(f"application {application.id} has no grant to change")
    return decision


def _check(session: Session, application: Application, command: ChangeGrant, *, by: Actor, at: datetime) -> None:
    """What was chosen in services keeps its money, unless its time is over. The application is held by now."""
    most = programmes.read(application.version).announcement.grant.amount
    claimed = grant_changes.claimed(session, application.id)
    service_passes.expire(session, application.id, by=by, at=at)
    chosen = passes.taken(session, [application.id]).get(application.id, 0)
    if wrong := problems_in(command, claimed=claimed, most=most, chosen=chosen):
        raise Incomplete(problems=wrong)


def _move(
    session: Session, application: Application, change: GrantChange, lines: dict[str, int], *, by: Actor, at: datetime
) -> None:
    """Posts what the grant becomes more or less, and what has to leave the lines of a closed year."""
    left = dict(postings.commitment_left(session, [application.id]).get(application.id, {}))
    source_of = postings.sources(session, left)
    closed = payables.closed_lines(session, left, on=korean_date(at))
    released = {line: won for line, won in left.items() if won and line in closed}
    committed = _by_source({source_of[line]: won for line, won in released.items()})
    more = change.amount - sum(grant_changes.granted(session, application.id).values())
    shares = programmes.read(application.version).terms.funding
    if more > 0:
        committed = _by_source(committed, split(more, shares))
    elif more < 0:
        stays = {source_of[line]: won for line, won in left.items() if won and line not in closed}
        less = split_within(-more, shares, _by_source(stays, committed))
        for source, won in less.items():
            moved = min(won, committed.get(source, 0))
            committed[source] = committed.get(source, 0) - moved
            line = next(
                (each for each in left if source_of[each] == source and each not in closed and left[each]), None
            )
            if line is not None and won > moved:
                released[line] = won - moved
    _post(session, PostingKind.RELEASE, released, change, by=by, at=at)
    if missing := [source for source, won in committed.items() if won and source not in lines]:
        raise Incomplete(problems=[Problem("grant_no_budget", "amount", ", ".join(missing))])
    _post(session, PostingKind.COMMIT, {lines[s]: won for s, won in committed.items() if won}, change, by=by, at=at)


def _by_source(*amounts: dict[str, Won]) -> dict[str, Won]:
    found: dict[str, Won] = {}
    for each in amounts:
        for source, won in each.items():
            found[source] = found.get(source, 0) + won
    return found


def _post(
    session: Session, kind: PostingKind, amounts: dict[int, Won], change: GrantChange, *, by: Actor, at: datetime
) -> None:
    if any(amounts.values()):
        ledger.post(
            session, kind, amounts, source_key=f"{REGRANTED}{kind}:{change.id}", by=by, at=at,
            application_id=change.application_id, note=change.reason,
        )  # fmt: skip
