"""What follows from an objection that is upheld: the application is decided on anew by others, a larger grant is put
before an approver, an order to pay back is withdrawn, or asked anew for less.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.approvals import Matter
from portal.domain.assignments import How
from portal.domain.errors import Conflict, Problem
from portal.domain.grant_changes import ChangeGrant
from portal.domain.lifecycle import REOPEN
from portal.domain.money import Won
from portal.domain.objections import UPHELD, Against, ObjectionStatus
from portal.domain.periods import fiscal_year, korean_date
from portal.domain.recoveries import RecoveryStatus
from portal.models.objections import Objection
from portal.models.recoveries import Recovery
from portal.queries import applications as known
from portal.queries import budget, cases, claims, programmes
from portal.queries import recoveries as orders
from portal.services import approvals, charges, clocks, grant_changes, recoveries, recovery_endings, reservations, steps
from portal.storage.objects import Stores


def bounds(session: Session, objection: Objection) -> tuple[Won, Won]:
    """Between which amounts, neither included, what is upheld in part lies."""
    decision = cases.decision_of(session, objection.application_id)
    least = decision.amount if objection.against is Against.PARTIAL and decision else 0
    return least, objection.at_stake


def hold(session: Session, objection: Objection, *, by: Actor, at: datetime) -> None:
    """Locks what the decision may change, before the objection itself is locked."""
    if objection.recovery_id is not None:
        claims.lock(session, objection.application.programme_id)
        orders.to_handle(session, objection.recovery_id, by)
    else:
        budget.locked(session, objection.application.programme_id, fiscal_year(korean_date(at)))
        cases.to_handle(session, objection.application_id, by)


def post(session: Session, stores: Stores, objection: Objection, *, by: Actor, at: datetime) -> None:
    """Nothing where it was not upheld. Raises Conflict where it cannot be done; the whole decision then is not."""
    if objection.status not in UPHELD:
        return
    if objection.against is Against.RECOVERY:
        _take_back_order(session, stores, objection, by=by, at=at)
    elif objection.against is Against.PARTIAL:
        _propose_more(session, objection, by=by, at=at)
    else:
        _reopen(session, objection, by=by, at=at)


def _reopen(session: Session, objection: Objection, *, by: Actor, at: datetime) -> None:
    """Back to anybody's turn who took no part before; with its money, or its old place among those who wait for it."""
    application = objection.application
    other = known.living(session, application.programme_id, application.merchant_id)
    if other is not None:
        raise Conflict(problems=[Problem("objection_other_application", value=other.receipt_number or "–")])
    steps.take(session, application, LIFECYCLE, REOPEN, by=by, at=at, details={"objection": objection.id})
    announcement = programmes.read(application.version).announcement
    charges.record(session, application, None, How.REOPENED, by=by, at=at)
    application.reopened_at, application.return_reasons = at, ""
    clocks.set_due(session, application)
    decision = cases.decision_of(session, application.id)
    if decision is not None:
        decision.outcome = decision.decided_by = decision.decided_at = None
        decision.amount = 0
    approvals.withdraw(session, Matter.DECISION, [application.id], at=at)
    wanted = announcement.grant.amount_for(application.requested_amount or 0)
    reservations.enter_again(session, application, wanted, by=by, at=at)


def _propose_more(session: Session, objection: Objection, *, by: Actor, at: datetime) -> None:
    """교부 결정 변경, which another official approves: the money is committed then, if it is there."""
    reason = f"이의신청({objection.number})을 받아들여 교부결정액을 바꿉니다."
    command = ChangeGrant(objection.amount or objection.at_stake, reason)
    grant_changes.propose(session, objection.application_id, command, by=by, at=at)


def _take_back_order(session: Session, stores: Stores, objection: Objection, *, by: Actor, at: datetime) -> None:
    recovery = session.get_one(Recovery, objection.recovery_id)
    if recovery.status is RecoveryStatus.SETTLED:
        raise Conflict(problems=[Problem("withdraw_received", "note", f"{recovery.fulfilled:,}")])
    if objection.status is ObjectionStatus.GRANTED:
        reason = f"이의신청({objection.number})을 받아들여 환수 명령을 거둡니다."
    else:
        reason = f"이의신청({objection.number})을 일부 받아들여 환수 명령을 거두고 금액을 다시 정합니다."
    recovery_endings.withdraw(session, stores, recovery.id, reason, by=by, at=at)
    if objection.status is ObjectionStatus.PARTLY_GRANTED:
        recoveries.open_again(session, recovery, objection.amount or 0, reason, by=by, at=at)
