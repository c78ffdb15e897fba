"""What becomes of an order that is not simply paid: instalments, or giving it up; each proposed and decided apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.errors import Conflict, Incomplete, Problem
from portal.domain.ledger import PostingKind
from portal.domain.periods import korean_date
from portal.domain.recoveries import (
    LIFECYCLE,
    Instalment,
    ProposeWriteOff,
    ReceiptKind,
)
from portal.domain.recovery_amounts import instalment_problems, owed
from portal.models.recoveries import Recovery, RecoveryInstalment
from portal.queries import audit, objections, recoveries
from portal.services import approvals, ledger, recovery_letters, steps
from portal.services.recovery_drafts import by_line, reason_of, refuse_firm
from portal.services.recovery_receipts import book
from portal.storage.objects import Stores


def propose_instalments(
    session: Session, recovery_id: int, schedule: Sequence[Instalment], *, by: Actor, at: datetime
) -> Recovery:
    """A schedule that adds up to what is owed. Raises Incomplete with what is wrong with it."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    refuse_firm(recovery, "propose_instalments")
    steps.take(session, recovery, LIFECYCLE, "propose_instalments", by=by, at=at)
    _check_schedule(session, recovery, schedule, at)
    if recovery.instalments:
        recovery.instalments = []
        session.flush()
    recovery.instalments = [
        RecoveryInstalment(number=number, due_on=each.due_on, amount=each.amount)
        for number, each in enumerate(schedule, start=1)
    ]
    session.flush()
    return recovery


def approve_instalments(session: Session, stores: Stores, recovery_id: int, *, by: Actor, at: datetime) -> Recovery:
    """The schedule binds from now on, its first day is the next deadline; with the letter."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    proposed = audit.accounts_of(session, LIFECYCLE.noun, recovery.id, "propose_instalments")
    steps.take(session, recovery, LIFECYCLE, "approve_instalments", by=by, at=at)
    schedule = [Instalment(each.due_on, each.amount) for each in recovery.instalments]
    _check_schedule(session, recovery, schedule, at)
    recovery.due_on = schedule[0].due_on
    recovery_letters.issue_instalments(session, stores, recovery, proposed_by=proposed[-1], by=by, at=at)
    return recovery


def refuse_instalments(session: Session, recovery_id: int, note: str, *, by: Actor, at: datetime) -> Recovery:
    """The order stays as it is, with its deadline."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    steps.take(session, recovery, LIFECYCLE, "refuse_instalments", by=by, at=at, note=reason_of(note, field="note"))
    return recovery


def propose_write_off(
    session: Session, stores: Stores, recovery_id: int, command: ProposeWriteOff, *, by: Actor, at: datetime
) -> Recovery:
    """결손 처분안, with the document that shows why. Raises Incomplete without either."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    reason = reason_of(command.reason)
    if not command.content:
        raise Incomplete(problems=[Problem("file_required", "file")])
    steps.take(session, recovery, LIFECYCLE, "propose_write_off", by=by, at=at)
    recovery.closing_reason = reason
    recovery.document_sha256 = stores.evidence.put(command.content).sha256
    recovery.document_name, recovery.document_type = command.filename[:200], command.media_type
    return recovery


def write_off(session: Session, stores: Stores, recovery_id: int, *, by: Actor, at: datetime) -> Recovery:
    """What is still owed is given up, in the ledger too; with the letter.

    Raises SamePerson for the proposer, NotPermitted where the amount is another's band, Conflict while a payment on its
    way is to net some of it.
    """
    recovery = recoveries.to_handle(session, recovery_id, by)
    steps.take(session, recovery, LIFECYCLE, "write_off", by=by, at=at)
    parts = recoveries.left_of(session, recovery)
    if any(left.reserved for left in parts):
        raise Conflict(problems=[Problem("netting_on_the_way")])
    owes = recoveries.owed_of(session, recovery)
    mandate = approvals.permit(session, Matter.WRITE_OFF, owes.total, by=by, at=at)
    shares = {left.part.id: left.won for left in parts if left.won}
    book(
        session, stores, recovery, ReceiptKind.WRITTEN_OFF, owes, shares,
        source_key=f"write_off:recovery:{recovery.id}", reference="", received_on=korean_date(at), by=by, at=at,
    )  # fmt: skip
    approvals.record(session, Matter.WRITE_OFF, {recovery.id: owes.total}, mandate, by=by, at=at)
    if recovery.invoice_id is None:
        recovery_letters.issue_closed(session, stores, recovery, owes, by=by, at=at)
    return recovery


def withdraw(session: Session, stores: Stores, recovery_id: int, reason: str, *, by: Actor, at: datetime) -> Recovery:
    """이의신청 인용: the order is taken back, its demand reversed in the ledger; nothing of it is netted any more, and
    the merchant is told by letter.

    Raises SamePerson for whoever drafted or ordered it, Conflict where some of it came back already, a payment on its
    way is to net some, or an objection to it waits to be decided.
    """
    recovery = recoveries.to_handle(session, recovery_id, by)
    if (waiting := objections.open_against(session, recovery_id)) is not None:
        raise Conflict(problems=[Problem("objection_open", "note", waiting)])
    steps.take(session, recovery, LIFECYCLE, "withdraw", by=by, at=at, note=reason.strip())
    recovery.closing_reason = reason_of(reason, field="note")
    parts = recoveries.left_of(session, recovery)
    if any(left.reserved for left in parts):
        raise Conflict(problems=[Problem("netting_on_the_way")])
    owes, ordered = recoveries.owed_of(session, recovery), owed(recoveries.charges_of(session, recovery))
    if owes != ordered:
        raise Conflict(problems=[Problem("withdraw_received", "note", f"{ordered.total - owes.total:,}")])
    ledger.post(
        session, PostingKind.WITHDRAW, by_line(session, recovery),
        source_key=f"withdraw:recovery:{recovery.id}", by=by, at=at, application_id=recovery.application_id,
    )  # fmt: skip
    recovery_letters.issue_closed(session, stores, recovery, ordered, by=by, at=at)
    return recovery


def keep(session: Session, recovery_id: int, note: str, *, by: Actor, at: datetime) -> Recovery:
    """The order is not given up."""
    recovery = recoveries.to_handle(session, recovery_id, by)
    steps.take(session, recovery, LIFECYCLE, "keep", by=by, at=at, note=reason_of(note, field="note"))
    return recovery


def _check_schedule(session: Session, recovery: Recovery, schedule: Sequence[Instalment], at: datetime) -> None:
    owes = recoveries.owed_of(session, recovery).total
    if problems := instalment_problems(schedule, owes, on=korean_date(at)):
        raise Incomplete(problems=problems)
