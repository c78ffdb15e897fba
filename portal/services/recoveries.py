"""Recoveries up to the order: opening a case, hearing the merchant, drafting and deciding; or dropping it.

Lock order: the programme's claims, the case, budget lines; a letter's number comes last.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.deadlines import calendar_due_on, period_of
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, Problem, SamePerson
from portal.domain.ledger import PostingKind
from portal.domain.periods import Month, korean_date
from portal.domain.permissions import Permission
from portal.domain.recoveries import (
    LIFECYCLE,
    MAX_DAYS,
    MAX_TEXT,
    DraftOrder,
    OpenRecovery,
    Opinion,
    Origin,
    OwnNotice,
    PriorNotice,
    RecoveryStatus,
)
from portal.domain.recovery_amounts import Owed, owed
from portal.domain.recovery_rates import Cause
from portal.models.recoveries import Recovery
from portal.queries import claims, merchants, programmes, recoveries
from portal.services import approvals, declarations, ledger, recovery_letters, steps
from portal.services.recovery_drafts import (
    by_line,
    charge_row,
    check_draft,
    expected,
    reason_of,
    refuse_firm,
    refuse_returned,
    set_parts,
)
from portal.storage.objects import Stores


def open_case(session: Session, command: OpenRecovery, *, by: Actor, at: datetime) -> Recovery:
    """Opens a case about a merchant's month. Raises NotFound, NotPermitted for one's own business, AlreadyDone where a
    case about it is living, Incomplete where more is asked back than was paid.
    """
    if not by.may(Permission.RECOVERY_OPEN):
        raise NotPermitted(Permission.RECOVERY_OPEN)
    programme = programmes.in_force(session, command.programme).programme
    if programme.organisation_id != by.organisation_id:
        raise NotFound(command.programme)
    return _open(session, programme.id, by.organisation_id, command, "open", by=by, at=at)


def report(session: Session, command: OwnNotice, *, by: Actor, at: datetime) -> Recovery:
    """자진 신고: a merchant says that a month was paid too much. Raises the same, and NotFound for another's."""
    claim = claims.owned(session, command.claim_id, by)
    opened = OpenRecovery(
        programme=claim.programme.code,
        merchant_id=claim.merchant_id,
        period=claim.period,
        amount=command.amount,
        cause=Cause.HONEST,
        origin=Origin.OWN_NOTICE,
        reason=command.reason,
    )
    return _open(session, claim.programme_id, claim.programme.organisation_id, opened, "report", by=by, at=at)


def open_again(session: Session, withdrawn: Recovery, amount: int, reason: str, *, by: Actor, at: datetime) -> Recovery:
    """이의신청 일부 인용: what is still asked back of an order that was withdrawn, as a new case from its start."""
    command = OpenRecovery(
        programme=withdrawn.programme.code,
        merchant_id=withdrawn.merchant_id,
        period=Month(withdrawn.period),
        amount=amount,
        cause=withdrawn.cause,
        origin=withdrawn.origin,
        reason=reason,
    )
    return _open(session, withdrawn.programme_id, withdrawn.organisation_id, command, "open", by=by, at=at)


def notify(
    session: Session, stores: Stores, recovery_id: int, command: PriorNotice, *, by: Actor, at: datetime
) -> Recovery:
    """사전통지 with its letter; the merchant has at least the days of 행정절차법 제21조 to answer."""
    least = period_of(data.act_periods(), "procedure", "prior_notice", korean_date(at)).days
    recovery = recoveries.to_handle(session, recovery_id, by)
    if not least <= command.days <= MAX_DAYS:
        raise Incomplete(problems=[Problem("opinion_days", "days", str(least))])
    recovery.reason = reason_of(command.reason)
    steps.take(session, recovery, LIFECYCLE, "notify", by=by, at=at)
    recovery.noticed_by, recovery.noticed_on = by.user_id, korean_date(at)
    recovery.opinion_due_on = calendar_due_on(korean_date(at), command.days, data.holidays())
    recovery_letters.issue_notice(session, stores, recovery, expected(session, recovery, at=at), by=by, at=at)
    return recovery


def answer(session: Session, recovery_id: int, command: Opinion, *, by: Actor, at: datetime) -> Recovery:
    """의견제출, within the period. Raises Incomplete after it, InvalidTransition the second time."""
    recovery = recoveries.to_answer(session, recovery_id, by)
    step = LIFECYCLE.step(recovery.status, "answer")
    LIFECYCLE.check(step, by, {})
    if recovery.opinion_due_on is None or korean_date(at) > recovery.opinion_due_on:
        raise Incomplete(problems=[Problem("opinion_too_late", "text", f"{recovery.opinion_due_on}")])
    text = command.text.strip()
    if not text and not command.agrees:
        raise Incomplete(problems=[Problem("required", "text")])
    if len(text) > MAX_TEXT:
        raise Incomplete(problems=[Problem("too_long", "text")])
    recovery.opinion, recovery.answered_at = text, at
    steps.take(session, recovery, LIFECYCLE, "answer", by=by, at=at)
    return recovery


def hear(session: Session, recovery_id: int, note: str, *, by: Actor, at: datetime) -> Recovery:
    """The opinion was read (or nobody answered in time): what the office makes of it."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    due_on = recovery.opinion_due_on
    if recovery.status is RecoveryStatus.NOTICED and due_on is not None and korean_date(at) <= due_on:
        raise Incomplete(problems=[Problem("opinion_still_open", "note", f"{due_on}")])
    heard = reason_of(note, field="note")
    steps.take(session, recovery, LIFECYCLE, "hear", by=by, at=at, note=heard)
    recovery.heard = heard
    return recovery


def draft(session: Session, recovery_id: int, command: DraftOrder, *, by: Actor, at: datetime) -> Recovery:
    """환수 결정안. Not more than the merchant was told beforehand; raises Incomplete with all that is wrong."""
    seen = recoveries.of_organisation(session, recovery_id, by)
    claims.lock(session, seen.programme_id)
    recovery = recoveries.to_handle(session, recovery_id, by)
    LIFECYCLE.step(recovery.status, "draft")
    told = owed(expected(session, recovery, at=at, waived=False))
    check_draft(command, at)
    set_parts(session, recovery, command.amount, on=korean_date(at))
    recovery.cause, recovery.reason = command.cause, reason_of(command.reason)
    recovery.pay_days, recovery.waive_surcharge = command.days, command.waive_surcharge
    recovery.drafted_by = by.user_id
    if owed(expected(session, recovery, at=at)).total > told.total:
        raise Incomplete(problems=[Problem("order_over_notice", "amount", f"{told.total:,}")])
    steps.take(session, recovery, LIFECYCLE, "draft", by=by, at=at)
    return recovery


def send_back(session: Session, recovery_id: int, note: str, *, by: Actor, at: datetime) -> Recovery:
    """The decider gives the draft back, saying why. Raises InvalidTransition for a firm's, which is dropped instead."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    refuse_firm(recovery, "send_back")
    steps.take(session, recovery, LIFECYCLE, "send_back", by=by, at=at, note=reason_of(note, field="note"))
    return recovery


def order(session: Session, stores: Stores, recovery_id: int, *, by: Actor, at: datetime) -> Recovery:
    """환수 결정: what is owed is written down for good, demanded in the ledger, and told by letter; all or nothing.

    Raises SamePerson for the drafter and for whoever approved a claim that is now asked back, NotPermitted where the
    amount is another's band, Incomplete where the bank has sent the payment back meanwhile.
    """
    recovery = recoveries.to_handle(session, recovery_id, by)
    if by.person_id in recoveries.approvers_of(session, recovery):
        raise SamePerson("recovery: order apart from whoever approved the claim")
    steps.take(session, recovery, LIFECYCLE, "order", by=by, at=at)
    refuse_returned(session, recovery)
    lines = expected(session, recovery, at=at)
    on = korean_date(at)
    mandate = approvals.permit(session, Matter.RECOVERY_ORDER, owed(lines).total, by=by, at=at)
    session.add_all(charge_row(recovery, line, on) for line in lines)
    recovery.ordered_on, recovery.demanded = on, owed(lines).principal
    recovery.due_on = calendar_due_on(on, recovery.pay_days or 0, data.holidays())
    session.flush()
    ledger.post(
        session,
        PostingKind.DEMAND,
        by_line(session, recovery),
        source_key=f"demand:recovery:{recovery.id}",
        by=by,
        at=at,
        application_id=recovery.application_id,
    )
    approvals.record(session, Matter.RECOVERY_ORDER, {recovery.id: owed(lines).total}, mandate, by=by, at=at)
    if recovery.invoice_id is not None:  # what a firm was paid wrongly is kept from what it is paid next
        recovery.netting_agreed_at = at
        steps.write(session, "vendor_invoice", recovery.invoice_id, "correct", by=by, at=at, note=recovery.reason)
        return recovery
    recovery_letters.issue_order(session, stores, recovery, lines, by=by, at=at)
    return recovery


def drop(session: Session, stores: Stores, recovery_id: int, reason: str, *, by: Actor, at: datetime) -> Recovery:
    """Ends a case without an order; who was told of it is told of this too."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    steps.take(session, recovery, LIFECYCLE, "drop", by=by, at=at, note=reason.strip())
    recovery.closing_reason = reason_of(reason)
    if recoveries.is_told(recovery):
        recovery_letters.issue_closed(session, stores, recovery, Owed(), by=by, at=at)
    return recovery


def agree_to_netting(session: Session, recovery_id: int, *, by: Actor, at: datetime) -> Recovery:
    """The merchant lets the office keep what is owed back from the next payments, before the deadline too."""
    recovery = recoveries.to_answer(session, recovery_id, by)
    if recovery.netting_agreed_at is not None or recovery.status not in (
        RecoveryStatus.ORDERED,
        RecoveryStatus.IN_INSTALMENTS,
    ):
        raise AlreadyDone(f"recovery {recovery_id}: netting")
    recovery.netting_agreed_at = at
    steps.write(session, LIFECYCLE.noun, recovery.id, "agree_to_netting", by=by, at=at)
    return recovery


def _open(
    session: Session,
    programme_id: int,
    organisation_id: int | None,
    command: OpenRecovery,
    action: str,
    *,
    by: Actor,
    at: datetime,
) -> Recovery:
    claims.lock(session, programme_id)
    reason = reason_of(command.reason)
    if by.person_id == merchants.owner_of(session, command.merchant_id) and action == "open":
        raise NotPermitted("nobody opens a recovery from their own business", [Problem("own_application")])
    already = recoveries.living(session, programme_id, command.merchant_id, command.period)
    if already is not None:
        raise AlreadyDone(problems=[Problem("recovery_exists", "amount", str(already.id))])
    claim = recoveries.claim_of(session, programme_id, command.merchant_id, command.period)
    if claim is None:
        raise Incomplete(problems=[Problem("recovery_nothing_paid", "amount", command.period)])
    if action == "open":
        declarations.keep_away(session, [claim.application_id], by=by)
    recovery = Recovery(
        organisation_id=organisation_id,
        programme_id=programme_id,
        merchant_id=command.merchant_id,
        application_id=claim.application_id,
        period=command.period,
        origin=command.origin,
        cause=command.cause,
        amount=command.amount,
        reason=reason,
        opened_by=by.user_id,
        opened_at=at,
    )
    try:
        with session.no_autoflush:
            set_parts(session, recovery, command.amount, on=korean_date(at))
        steps.begin(session, recovery, LIFECYCLE, action, by=by, at=at)
    except IntegrityError as refused:  # another case about the same month was opened since we looked
        raise AlreadyDone(problems=[Problem("recovery_exists", "amount")]) from refused
    return recovery
