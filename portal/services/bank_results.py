"""What a row of the bank's results file does to the payment that it names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.bank_results import BankAnswer, BankResult, Instructed
from portal.domain.payments import FINAL, PaymentStatus
from portal.domain.periods import korean_date
from portal.models.payments import Payment, PaymentRun
from portal.services import payouts
from portal.services.instructions import moved
from portal.storage.objects import Stores


def instructed(run: PaymentRun) -> Instructed:
    """What the bank was told, for comparison with its answer."""
    return Instructed(
        reference=run.reference,
        on=korean_date(run.released_at or run.prepared_at),
        amounts={payment.reference: payment.amount for payment in moved(run)},
        answered=frozenset(payment.reference for payment in run.payments if payment.status in FINAL),
        paid=frozenset(payment.reference for payment in run.payments if payment.status is PaymentStatus.DONE),
    )


def apply(
    session: Session,
    stores: Stores,
    payment: Payment,
    result: BankResult,
    lines: payouts.Lines,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Moves the payment as the row says, once; `lines` are those of its grant, held (payouts.lines_for)."""
    said = payouts.Evidence(result.reason_code, result.bank_reference, result.executed_on)
    if result.result is BankAnswer.DONE:
        payouts.done(session, stores, payment, said, lines, by=by, at=at)
    elif result.result is BankAnswer.REFUSED:
        payouts.refused(session, payment, said, by=by, at=at)
    elif result.result is BankAnswer.RETURNED:
        payouts.returned(session, stores, payment, said, by=by, at=at)
    elif payment.status is not PaymentStatus.UNKNOWN:  # still unknown: asked again, not sent again
        payouts.lost_sight_of(session, payment, said, by=by, at=at)
